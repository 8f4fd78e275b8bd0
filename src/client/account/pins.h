// Pins: what this client saw of one server, and will not see taken back.
//
// A server that is broken into, or made to lie, can show one person another log, an older
// directory or a key of its own. It can't do that to a client which remembers: the log's key and
// newest checkpoint, each correspondent's keys, and how passwords become keys. Values; the profile
// folder keeps them (client/account/profile.h).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "client/api/slot_bodies.h"
#include "crypto/vrf.h"
#include "log/merkle.h"
#include "parcel/organisation.h"

namespace sealift::client {

struct LogPin {
  std::string key;  // the verifier key, as text
  log::TreeHead head{};
  std::string note;  // the checkpoint that says so; evidence, should another one contradict it
  // What may sign that the log goes back (log/restore_statement.h): as the server first named it.
  std::vector<std::string> reopen_keys{};
  // When the last restore that was accepted, or was known from the start, took place.
  base::UnixTime restored{};

  friend bool operator==(const LogPin&, const LogPin&) = default;
};

// The newest generation of somebody's keys that was judged to be theirs.
struct KeyPin {
  api::AccountId account{};
  std::uint64_t generation = 0;
  std::string recipient;
  api::FixedBase64<32> signing_key{};
  // What has to countersign the next generation (parcel/directory_key.h). Absent: there is none, or
  // it wasn't seen yet.
  std::optional<api::FixedBase64<32>> endorsing_key{};

  friend bool operator==(const KeyPin&, const KeyPin&) = default;
};

// Whether both may be the same generation of the same keys.
bool may_be_same(const KeyPin& one, const KeyPin& other);

// The newest act that this device has seen of its own account (parcel/account_act.h).
struct ActPin {
  std::uint64_t revision = 0;
  api::FixedBase64<32> digest{};

  friend bool operator==(const ActPin&, const ActPin&) = default;
};

// Recipients of the recovery officers whom an account's owner was shown and accepted the last of so
// many times.
struct AcceptedOfficers {
  std::uint64_t times = 0;
  std::set<std::string> recipients;

  friend bool operator==(const AcceptedOfficers&, const AcceptedOfficers&) = default;
};

struct Pins {
  std::optional<LogPin> log;
  std::optional<LogPin> directory;     // its log
  crypto::VrfPublic vrf_key{};         // of that log's entry 0; zeros: not seen yet
  std::map<std::string, KeyPin> keys;  // by address
  std::map<std::string, base::Bytes> login_parameters;  // by address
  std::set<std::string> to_check_again;  // addresses that were sealed to since the last look
  std::map<std::string, ActPin> acts;    // by address
  std::map<std::string, AcceptedOfficers> officers;  // by one's own address
  std::optional<parcel::SeenOrganisation> organisation;

  friend bool operator==(const Pins&, const Pins&) = default;
};

std::string encode_pins(const Pins& pins);
// Errors: malformed.
base::Result<Pins> decode_pins(base::ByteView json);

// Takes what `newer` knows beyond `pins`: two calls of the client may have learnt at once. Errors:
// damaged: both can't be true, so the server told each of them something else; `pins` is as it was.
base::Result<void> merge_pins(Pins& pins, const Pins& newer);

// Whether `entries`, an account's keys oldest first, may follow what was pinned of it: the same
// account, its pinned generation unchanged, and each later one endorsed by the one before, and
// countersigned where that one's event names an endorsing key. Without a pin the first generation
// of all is taken, which is as good as the log that has it.
// Gives the newest. Errors: damaged: the directory went back, a key was changed without
// endorsement, or generations are missing. Pure: that the log has the events is for the caller.
base::Result<KeyPin> judge_keys(const std::optional<KeyPin>& pinned,
                                const std::vector<api::DirectoryEntry>& entries);

}  // namespace sealift::client
