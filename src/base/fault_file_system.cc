#include "base/fault_file_system.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"

namespace sealift::base {
namespace {

constexpr ino_t kFolder = 0;  // in the place of a file's inode number
constexpr std::size_t kBlockSize = 64;

ino_t inode_of(int fd) {
  struct stat found {};
  SEALIFT_CHECK(::fstat(fd, &found) == 0);
  return found.st_ino;
}

}  // namespace

FaultFileSystem::FaultFileSystem(std::string root, std::uint64_t seed)
    : root_(std::move(root)), disk_(*DiskFileSystem::open_root(root_)), random_(seed) {}

void FaultFileSystem::crash() {
  Names names = durable_names_;
  std::set<std::string> lost;  // names whose history broke off
  for (const Change& change : pending_) {
    const bool is_broken = lost.contains(change.from) || lost.contains(change.to);
    if (!is_broken && one_in(2)) {
      apply(change, names);
    } else {
      lost.insert({change.from, change.to});
    }
  }
  pending_.clear();
  rebuild(names);
  pending_.clear();
  power_off_at_ = fail_at_ = kNever;
  full_ = false;
  operations_ = 0;
}

Result<FileDescriptor> FaultFileSystem::open(const std::string& path, OpenFor what) {
  if (what != OpenFor::creating) {
    if (!is_powered()) return fail(ErrorCode::io, "no power");
    return disk_.open(path, what);
  }
  SEALIFT_TRY_VOID(step(NeedsSpace::yes));
  SEALIFT_TRY(FileDescriptor fd, disk_.open(path, what));
  track(path, fd.get());
  return fd;
}

Result<std::uint64_t> FaultFileSystem::size(int fd) { return disk_.size(fd); }

Result<std::size_t> FaultFileSystem::read_at(int fd, MutableByteView out, std::uint64_t offset) {
  if (!is_powered()) return fail(ErrorCode::io, "no power");
  return disk_.read_at(fd, out, offset);
}

Result<void> FaultFileSystem::write_at(int fd, ByteView bytes, std::uint64_t offset) {
  const bool was_powered = is_powered();
  auto stepped = step(NeedsSpace::yes);
  if (stepped) {
    forget_failed_sync(fd, bytes, offset);
    return disk_.write_at(fd, bytes, offset);
  }
  if (was_powered) static_cast<void>(disk_.write_at(fd, bytes.first(bytes.size() / 2), offset));
  return stepped;
}

// Bytes written again after a failed sync are the next sync's to save, even when they are the same.
void FaultFileSystem::forget_failed_sync(int fd, ByteView bytes, std::uint64_t offset) {
  Held* held = held_of(fd);
  if (held == nullptr) return;
  for (std::size_t i = 0; i < bytes.size() && offset + i < held->failed.size(); ++i)
    held->failed[static_cast<std::size_t>(offset) + i] = ~bytes[i];
}

Result<void> FaultFileSystem::resize(int fd, std::uint64_t size_bytes) {
  SEALIFT_TRY_VOID(step(NeedsSpace::no));
  if (Held* held = held_of(fd); held != nullptr && held->failed.size() > size_bytes)
    held->failed.resize(static_cast<std::size_t>(size_bytes));
  return disk_.resize(fd, size_bytes);
}

Result<void> FaultFileSystem::reserve(int fd, const FileRange& range) {
  SEALIFT_TRY_VOID(step(NeedsSpace::yes));
  return disk_.reserve(fd, range);
}

Result<void> FaultFileSystem::sync_data(int fd) {
  Held* held = held_of(fd);
  SEALIFT_CHECK(held != nullptr);
  Bytes now = content_of(*held);
  if (auto stepped = step(NeedsSpace::no); !stepped) {
    held->failed = std::move(now);
    return stepped;
  }
  for (std::size_t at = 0; at < std::min(held->failed.size(), now.size()); ++at) {
    if (now[at] != held->failed[at]) continue;  // written again since
    now[at] = at < held->durable.size() ? held->durable[at] : std::byte{0};
  }
  held->durable = std::move(now);
  return {};
}

Result<void> FaultFileSystem::rename(const std::string& from, const std::string& to) {
  SEALIFT_TRY_VOID(step(NeedsSpace::no));
  SEALIFT_TRY_VOID(disk_.rename(from, to));
  pending_.push_back({Kind::moved, from, to, kFolder});
  return {};
}

Result<bool> FaultFileSystem::remove(const std::string& path) {
  SEALIFT_TRY_VOID(step(NeedsSpace::no));
  SEALIFT_TRY(const bool was_there, disk_.remove(path));
  if (was_there) pending_.push_back({Kind::removed, path, path, kFolder});
  return was_there;
}

Result<void> FaultFileSystem::make_folder(const std::string& path) {
  SEALIFT_TRY(const bool is_there, disk_.exists(path));
  if (is_there) return {};
  SEALIFT_TRY_VOID(step(NeedsSpace::yes));
  SEALIFT_TRY_VOID(disk_.make_folder(path));
  pending_.push_back({Kind::made, path, path, kFolder});
  return {};
}

// A change becomes durable together with all earlier ones of its names.
Result<void> FaultFileSystem::sync_folder(const std::string& path) {
  SEALIFT_TRY_VOID(step(NeedsSpace::no));
  std::vector<bool> now(pending_.size());
  std::set<std::string> wanted;
  for (std::size_t i = pending_.size(); i-- > 0;) {
    const Change& change = pending_[i];
    now[i] = folder_of_path(change.from) == path || folder_of_path(change.to) == path ||
             wanted.contains(change.from) || wanted.contains(change.to);
    if (now[i]) wanted.insert({change.from, change.to});
  }
  std::vector<Change> rest;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (now[i]) {
      apply(pending_[i], durable_names_);
    } else {
      rest.push_back(pending_[i]);
    }
  }
  pending_ = std::move(rest);
  return {};
}

Result<bool> FaultFileSystem::exists(const std::string& path) { return disk_.exists(path); }

Result<std::vector<std::string>> FaultFileSystem::list_folder(const std::string& path) {
  return disk_.list_folder(path);
}

Result<DiskSpace> FaultFileSystem::space() { return disk_.space(); }

Result<void> FaultFileSystem::step(NeedsSpace needs_space) {
  const std::uint64_t number = operations_++;
  if (number >= power_off_at_) return fail(ErrorCode::io, "no power");
  if (number == fail_at_) return fail(fail_code_, "the test's failure");
  if (full_ && needs_space == NeedsSpace::yes) return fail(ErrorCode::no_space, "the test's disk");
  return {};
}

void FaultFileSystem::apply(const Change& change, Names& names) {
  if (change.kind == Kind::made) names[change.to] = change.inode;
  if (change.kind == Kind::removed) names.erase(change.from);
  if (change.kind == Kind::moved) {
    if (const auto node = names.extract(change.from)) names[change.to] = node.mapped();
  }
}

void FaultFileSystem::track(const std::string& path, int fd) {
  const ino_t inode = inode_of(fd);
  held_[inode].fd = FileDescriptor(::dup(fd));
  pending_.push_back({Kind::made, path, path, inode});
}

FaultFileSystem::Held* FaultFileSystem::held_of(int fd) {
  const auto held = held_.find(inode_of(fd));
  return held == held_.end() ? nullptr : &held->second;
}

Bytes FaultFileSystem::content_of(const Held& held) {
  Bytes content(*disk_.size(held.fd.get()));
  SEALIFT_CHECK(disk_.read_at(held.fd.get(), content, 0).has_value());
  return content;
}

Bytes FaultFileSystem::after_power_cut(const Held& held) {
  const Bytes now = content_of(held);
  if (one_in(4)) return held.durable;
  const std::size_t low = std::min(now.size(), held.durable.size());
  const std::size_t high = std::max(now.size(), held.durable.size());
  std::size_t size = one_in(2) ? now.size() : held.durable.size();
  if (one_in(4)) size = low + random_() % (high - low + 1);
  Bytes left(size);
  for (std::size_t at = 0; at < size; at += kBlockSize) {
    const Bytes& from = one_in(2) ? now : held.durable;
    for (std::size_t i = at; i < std::min({at + kBlockSize, size, from.size()}); ++i)
      left[i] = from[i];
  }
  return left;
}

// Removes every file, and every folder that is not in `names`.
void FaultFileSystem::remove_all_but(const Names& names) {
  std::vector<std::filesystem::path> doomed;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
    const std::string path = entry.path().string().substr(root_.size() + 1);
    if (!entry.is_directory() || !names.contains(path)) doomed.push_back(entry.path());
  }
  for (const auto& path : doomed) std::filesystem::remove_all(path);
}

// A name whose folder is gone is gone too. Names come in order: a folder before what is in it.
void FaultFileSystem::rebuild(const Names& names) {
  std::map<std::string, Bytes> contents;
  for (const auto& [path, inode] : names) {
    if (inode != kFolder) contents[path] = after_power_cut(held_.at(inode));
  }
  held_.clear();
  durable_names_.clear();
  remove_all_but(names);
  for (const auto& [path, inode] : names) {
    const std::string folder = folder_of_path(path);
    if (!folder.empty() && !durable_names_.contains(folder)) continue;
    if (inode == kFolder) {
      SEALIFT_CHECK(disk_.make_folder(path).has_value());
      durable_names_[path] = kFolder;
      continue;
    }
    const FileDescriptor fd = *disk_.open(path, OpenFor::creating);
    SEALIFT_CHECK(disk_.write_at(fd.get(), contents[path], 0).has_value());
    track(path, fd.get());
    apply(pending_.back(), durable_names_);
    held_of(fd.get())->durable = contents[path];
  }
}

}  // namespace sealift::base
