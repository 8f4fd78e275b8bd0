# `cmake --install BUILD --prefix PREFIX`, in two components, as the packages have them: sealift (the command line and
# the census) and sealift-server. packaging/make_packages.sh takes its files from here, too.
#
# Man pages and completions are made when installing, from what the program says of its own verbs. The units name the
# programs where they are installed; they read /etc/sealift/sealift.conf, which an installation outside a package
# doesn't write: an example is in share/doc/sealift-server.
include(GNUInstallDirs)
set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc)

install(TARGETS sealift sealift-extract RUNTIME COMPONENT sealift)
install(CODE "
  set(made \"${CMAKE_BINARY_DIR}/described\")
  file(REMOVE_RECURSE \"\${made}\")
  execute_process(COMMAND python3 \"${packaging}/describe_verbs.py\" \"$<TARGET_FILE:sealift>\" \"\${made}\"
    COMMAND_ERROR_IS_FATAL ANY)" COMPONENT sealift)
install(DIRECTORY ${CMAKE_BINARY_DIR}/described/man1 ${CMAKE_BINARY_DIR}/described/fr DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT sealift)
install(FILES ${packaging}/man/sealift-extract.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT sealift)
set(made ${CMAKE_BINARY_DIR}/described/completions)
install(FILES ${made}/bash DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions RENAME sealift COMPONENT sealift)
install(FILES ${made}/zsh DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/zsh/site-functions RENAME _sealift COMPONENT sealift)
install(FILES ${made}/fish DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d RENAME sealift.fish COMPONENT sealift)
install(DIRECTORY docs/guide DESTINATION ${doc}/sealift COMPONENT sealift FILES_MATCHING PATTERN *.md)
# The pages that the command line's hints name, on machines without the server.
install(FILES docs/operate/officers.md docs/operate/policy.md docs/operate/proxies.md DESTINATION ${doc}/sealift/operate COMPONENT sealift)
install(FILES NOTICE DESTINATION ${doc}/sealift COMPONENT sealift)

install(TARGETS sealiftd RUNTIME COMPONENT sealift-server)
install(FILES ${packaging}/man/sealiftd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT sealift-server)
install(DIRECTORY docs/operate DESTINATION ${doc}/sealift-server COMPONENT sealift-server FILES_MATCHING PATTERN *.md PATTERN *.json)
install(FILES ${packaging}/sealift.conf NOTICE DESTINATION ${doc}/sealift-server COMPONENT sealift-server)
install(FILES ${packaging}/sealift.sysusers DESTINATION lib/sysusers.d RENAME sealift.conf COMPONENT sealift-server)
install(FILES ${packaging}/sealift.tmpfiles DESTINATION lib/tmpfiles.d RENAME sealift.conf COMPONENT sealift-server)
install(FILES ${packaging}/sealift-backup.timer DESTINATION lib/systemd/system COMPONENT sealift-server)
install(CODE "
  foreach(unit IN ITEMS sealift.service sealift-backup.service)
    file(READ \"${packaging}/\${unit}\" text)
    string(REPLACE \"=/usr/bin/\" \"=\${CMAKE_INSTALL_PREFIX}/bin/\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/units/\${unit}\" \"\${text}\")
  endforeach()" COMPONENT sealift-server)
install(FILES ${CMAKE_BINARY_DIR}/units/sealift.service ${CMAKE_BINARY_DIR}/units/sealift-backup.service
  DESTINATION lib/systemd/system COMPONENT sealift-server)
