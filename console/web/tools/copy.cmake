# cmake -DFROM=… -DTO=… -DFILES="a;b" -P copy.cmake: copies the sources of the page; a file that went
# from the list goes from the build tree too.
file(REMOVE_RECURSE ${TO}/src ${TO}/public ${TO}/dist)
foreach(file IN LISTS FILES)
  get_filename_component(folder ${file} DIRECTORY)
  file(COPY ${FROM}/${file} DESTINATION ${TO}/${folder})
endforeach()
