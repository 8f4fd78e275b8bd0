// The vault role's process: from its data folder to its end.
//
// It opens nothing but its three folders, confines itself, proves it, and only then starts threads:
// one for frames (desk.h), workers, the sequencer, the reaper, the courier.
#pragma once

#include <functional>

#include "base/file_descriptor.h"
#include "server/vault/clock_memory.h"
#include "server/vault/data_folder.h"
#include "server/vault/handler.h"
#include "server/vault/rates.h"

namespace sealift::server::vault {

struct VaultPlan {
  VaultSettings settings;
  RateSettings rates;
  std::size_t workers = 4;
  // "/manifest.json" of the web client; outlives the vault.
  base::ByteView web_manifest{};
  Figures* figures = nullptr;           // the server's; outlives the vault
  ClockMemory* clock_memory = nullptr;  // the same
  LoginNames login_names = LoginNames::pseudonyms;
};

// Gives the process's exit status: 0 finished, 1 something failed, kExitDataDamaged,
// kExitNotConfined. `folder` was
// opened before the process was forked.
int run_vault(const VaultPlan& plan, const DataFolder& folder, base::FileDescriptor control);

}  // namespace sealift::server::vault
