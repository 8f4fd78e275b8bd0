// Placing: under which name each entry of a parcel gets into the output folder.
//
// Nothing that exists is replaced. A file that has an entry's name and its very content is that
// entry; anything else under its name is in the way, and is decided about: the entry gets a free
// name ("report (2).pdf", as the web client has it), or it is left out. Of something in a folder's
// place the folder gets the free name, and everything below goes with it. A numbered name that has
// the very content is the entry, too, so that receiving twice is receiving once.
//
// Belongs to one thread; hashes on several.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/transfer/output_tree.h"

namespace sealift::client {

// What becomes of an entry whose name is taken. `fail` leaves it out as `skip` does, and the
// caller says that something is missing.
enum class OnConflict : std::uint8_t { rename, skip, fail };

// Asked once for each name that is taken, before anything is fetched; `free_name` is a name that it
// could have.
using DecideConflict =
    std::function<OnConflict(const std::string& path, const std::string& free_name)>;

struct Conflict {
  std::string path;  // of the entry, as the sender named it; a folder's is of everything below it
  OnConflict end = OnConflict::fail;
  std::string name{};  // with rename: what it was received as
};

class Placing {
 public:
  // Borrows all. `workers` threads hash what is in the folder.
  Placing(const parcel::Manifest& manifest, OutputTree& tree, DecideConflict decide,
          unsigned workers);

  // Finds a place for each of `wanted`. Errors: malformed, io.
  base::Result<void> place(const std::vector<bool>& wanted);
  // Another place for an entry whose name was taken meanwhile; false: it is left out.
  base::Result<bool> place_again(std::size_t entry);

  // nullopt: it is left out, or wasn't wanted.
  const std::optional<parcel::EntryPath>& target(std::size_t entry) const {
    return targets_[entry];
  }
  bool is_there(std::size_t entry) const { return is_there_[entry]; }
  // By path of what was in the way.
  std::vector<Conflict> conflicts() const;

 private:
  struct Decided {
    OnConflict end;
    unsigned number = 1;  // of the name
  };
  // Entries, and the files that may be them.
  using Round = std::map<std::size_t, parcel::EntryPath>;

  base::Result<std::optional<std::string>> folder_for(std::string_view path);
  base::Result<std::optional<std::string>> free_folder(const std::string& path,
                                                       const std::string& parent);
  base::Result<bool> look(std::size_t entry, Round& to_compare);
  base::Result<void> compare(const Round& files, std::vector<std::size_t>& in_the_way);
  base::Result<void> hash(const Round& files, class EntryHashes& hashes);
  // False: the entry is left out.
  bool decide(std::size_t entry);
  std::string candidate(const std::string& parent, const std::string& path, unsigned number) const;
  bool is_anothers(const std::string& path, unsigned number) const;
  void settle(std::size_t entry, const std::string& path);

  const parcel::Manifest& manifest_;
  OutputTree& tree_;
  const DecideConflict decide_;
  const unsigned workers_;
  std::set<std::string, std::less<>> names_;  // of all entries
  std::map<std::string, std::optional<std::string>, std::less<>> folders_;
  std::map<std::string, Decided, std::less<>> decided_;  // by the path of what was in the way
  std::map<std::string, std::string, std::less<>> renamed_;
  std::set<std::string> taken_;  // targets
  std::vector<std::optional<parcel::EntryPath>> targets_;
  std::vector<bool> is_there_;
};

// `path` for 1, and "name (2).ending" and so on, at most 255 bytes of name.
std::string numbered_path(const std::string& path, unsigned number);

}  // namespace sealift::client
