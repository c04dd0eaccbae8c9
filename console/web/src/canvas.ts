/** The canvas in the dots of the screen; what is drawn on it is in CSS pixels of `width` by `height`. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const dots = window.devicePixelRatio || 1;
  const across = Math.round(width * dots);
  const down = Math.round(height * dots);
  if (canvas.width !== across || canvas.height !== down) { // a new size is dear
    canvas.width = across;
    canvas.height = down;
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(dots, 0, 0, dots, 0, 0);
  return context;
}
