// The cage of a server role: what it may do after start-up, and the proof that it can do no more.
//
// A role opens what it needs, then confines itself, then proves the confinement by trying what must
// fail, and only then touches a stranger's byte. Two independent locks: seccomp refuses system
// calls that the role has no use for, Landlock refuses files, TCP and signals outside of its room.
// Neither can be undone, and everything that the role starts later inherits both.
//
// Called while the process has one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealift::server {

// What a role may do beyond computing, waiting, and using the descriptors that it holds.
struct Rights {
  // Folders below which files may be made, read, written and removed. For the vault.
  std::vector<std::string> folders;
  // Files and folders that may be read. For a mailer's resolver.
  std::vector<std::string> readable;
  // TCP ports that may be connected to. For the mailer; UDP is then allowed for name lookups.
  std::vector<std::uint16_t> connect_ports;
  // Datagrams to Unix sockets of this machine, and no stream. For a logger's /dev/log.
  bool sends_unix_datagrams = false;
  // Connections may be accepted from listeners that are open already. For the front.
  bool accepts = false;
};

// Confines this process for good: no new rights, no core file, no other process's memory; no
// program, no fork, no executable mapping, no socket unless `rights` has ports or datagrams.
// Errors: unsupported (the kernel lacks seccomp or Landlock: the role must not run), io.
base::Result<void> confine(const Rights& rights);

// Tries everything that must fail. Errors: internal, naming what was possible after all: the
// process has to end then.
base::Result<void> prove_confined(const Rights& rights);

}  // namespace sealift::server
