/** Shows a dialogue over the page: the browser keeps the focus in it. When it goes, the focus returns to where it was,
 *  unless `gives_back` says no; the browser would do so itself if the dialogue had not left the page by then. */
export function modal(dialog: HTMLDialogElement, gives_back = (): boolean => true): () => void {
  const before = document.activeElement;
  dialog.showModal();
  return () => {
    dialog.close();
    if (before instanceof HTMLElement && before.isConnected && gives_back()) before.focus();
  };
}
