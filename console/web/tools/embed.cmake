# cmake -DDIST=… -DOUT=web_files.cpp -P embed.cmake: writes the C++ file that holds the built page.
file(GLOB_RECURSE paths RELATIVE ${DIST} ${DIST}/*)
list(FILTER paths EXCLUDE REGEX "\\.gz$")
list(SORT paths)
set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_json "application/json")
set(bytes "")
set(table "")
set(number 0)
function(embed symbol path)
  file(SHA256 ${path} hash) # in the text: the file is compiled again when the content changed
  string(APPEND bytes "asm(R\"( # ${hash}\n.section .rodata\n.hidden ${symbol}\n.global ${symbol}\n${symbol}:\n.incbin \"${path}\"\n"
    ".hidden ${symbol}_end\n.global ${symbol}_end\n${symbol}_end:\n.byte 0\n.previous\n)\");\nextern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n")
  set(bytes "${bytes}" PARENT_SCOPE)
endfunction()
foreach(path IN LISTS paths)
  get_filename_component(ending ${path} LAST_EXT)
  string(SUBSTRING "${ending}" 1 -1 ending)
  if(NOT DEFINED types_${ending})
    message(FATAL_ERROR "${path}: no content type is known for .${ending}")
  endif()
  set(symbol chorraha_web_${number})
  math(EXPR number "${number} + 1")
  embed(${symbol} ${DIST}/${path})
  file(SHA256 ${DIST}/${path} hash)
  string(SUBSTRING ${hash} 0 16 etag)
  set(gzip "{}")
  if(EXISTS ${DIST}/${path}.gz)
    embed(${symbol}_gz ${DIST}/${path}.gz)
    set(gzip "between(${symbol}_gz, ${symbol}_gz_end)")
  endif()
  set(immutable false)
  if(path MATCHES "^assets/")
    set(immutable true)
  endif()
  string(APPEND table "      {\"/${path}\", \"${types_${ending}}\", \"\\\"${etag}\\\"\", between(${symbol}, ${symbol}_end), ${gzip}, ${immutable}},\n")
endforeach()
file(WRITE ${OUT} "// Made by embed.cmake from the built page.
#include <array>

#include \"console/web_files.hpp\"

${bytes}
namespace chorraha::console {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

WebFiles web_files() {
  static const std::array<WebFile, ${number}> files{{
${table}  }};
  return files;
}

}  // namespace chorraha::console
")
