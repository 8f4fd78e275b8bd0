// OutputTree: the folder that a parcel is received into. Nothing ever leaves it.
//
//   FOLDER/.sealift-receive-PARCEL/   what is under way: 0, 1, ... by entry; state files
//   FOLDER/path/of/entry              an entry, once it is whole and verified
//
// Paths are EntryPaths (no "..", no absolute ones), and every folder on the way is opened by its
// descriptor without following symbolic links: not even a link that somebody puts there meanwhile
// leads out. Nothing that exists is replaced. Entries that would lie in a working folder are
// refused.
//
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/file_descriptor.h"
#include "parcel/manifest.h"

namespace sealift::client {

class OutputTree {
 public:
  // Makes FOLDER (not what is above it) and the working folder. Errors: not_found, forbidden,
  // conflict (another process receives this parcel here), no_space, io.
  static base::Result<OutputTree> open(const std::string& folder,
                                       const parcel::ParcelIdBytes& parcel);

  OutputTree(OutputTree&&) noexcept;
  OutputTree& operator=(OutputTree&&) noexcept;
  ~OutputTree();

  // Refuses what could disturb the working folder. Errors: malformed.
  static base::Result<void> check(const parcel::EntryPath& path);

  // What is there under a name: `other` is anything but a regular file or a folder.
  enum class Found { nothing, file, folder, other };
  struct Standing {
    Found found = Found::nothing;
    base::FileDescriptor file;  // for reading, of a file
    std::uint64_t size_bytes = 0;
  };
  base::Result<Standing> look(const parcel::EntryPath& path);

  // The file an entry is written to until it is whole, made when it is not there.
  // Errors: no_space, io.
  base::Result<base::FileDescriptor> temporary(std::size_t entry);

  // Bytes of a file, into what temporary() opened. Blocks of zeros become holes.
  static base::Result<void> write(const base::FileDescriptor& file, base::ByteView bytes,
                                  std::uint64_t at);

  // What is free on the folder's disk for us, and what the working folder takes up there already.
  struct Space {
    std::uint64_t free_bytes = 0;
    std::uint64_t held_bytes = 0;
  };
  base::Result<Space> space() const;

  // Gives the file of `entry` permissions, time and the name `path`; makes the folders above it.
  // Errors: conflict (the name is taken, also by a file where a folder has to be; the file is still
  // there), no_space, io.
  base::Result<void> publish(std::size_t number, const parcel::Entry& entry,
                             const parcel::EntryPath& path);

  // Errors: conflict, no_space, io.
  base::Result<void> make_folder(const parcel::EntryPath& path);
  // Permissions and time, of a folder that this object or the one before it made; others are left
  // as they are.
  base::Result<void> finish_folder(const parcel::Entry& entry, const parcel::EntryPath& path);

  // Small files of the working folder. `name` is one of our own. Nullopt: there is none.
  base::Result<std::optional<base::Bytes>> read_note(const std::string& name);
  // Replaces it, whole or not at all.
  base::Result<void> write_note(const std::string& name, base::ByteView bytes);
  base::Result<base::FileDescriptor> open_note(const std::string& name);

  // Takes the working folder away: nothing is to be continued.
  void end();

 private:
  struct State;
  explicit OutputTree(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sealift::client
