#include "cli/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace sealift::cli {
namespace {

constexpr unsigned kPermissionBits = 0777;

bool is_standard(const std::string& path) { return path.empty() || path == "-"; }

// Where a symbolic link leads, or the path itself.
std::string resolved(const std::string& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

}  // namespace

base::Result<Output> Output::open(const std::string& path) {
  Output output;
  if (is_standard(path)) return output;
  output.target_ = resolved(path);
  struct stat existing {};
  const bool exists = ::stat(output.target_.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode))
    return base::fail(base::ErrorCode::usage, "the output " + path + " is a folder");
  if (exists && !S_ISREG(existing.st_mode)) {
    output.stream_ = base::FileDescriptor(::open(output.target_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!output.stream_.is_open())
      return tl::unexpected(base::error_of_errno(errno, "cannot write " + path));
    return output;
  }
  auto created = base::AtomicFile::create(output.target_, 0666);
  if (!created)
    return tl::unexpected(std::move(created).error().with_context("cannot write " + path));
  base::AtomicFile file = *std::move(created);
  if (exists && ::fchmod(file.fd(), existing.st_mode & kPermissionBits) != 0)
    return tl::unexpected(base::error_of_errno(errno, "cannot write " + path));
  output.file_.emplace(std::move(file));
  return output;
}

int Output::fd() const {
  if (file_) return file_->fd();
  return stream_.is_open() ? stream_.get() : STDOUT_FILENO;
}

bool Output::is_terminal() const { return ::isatty(fd()) == 1; }

bool Output::is_same_file_as(int fd) const {
  struct stat ours {};
  struct stat theirs {};
  return file_ && ::stat(target_.c_str(), &ours) == 0 && ::fstat(fd, &theirs) == 0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

base::Result<void> Output::commit() {
  if (!file_) return {};
  return file_->commit(base::Replace::yes, base::Durability::none);
}

Outcome need_folder_above(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path whole = fs::absolute(path).lexically_normal();
  const fs::path folder =
      whole.has_filename() ? whole.parent_path() : whole.parent_path().parent_path();
  if (fs::is_directory(folder, error)) return {};
  return tl::unexpected(Failure(
      {base::ErrorCode::not_found, "the folder above " + path + " is not there"}, "make it first"));
}

base::Result<base::FileDescriptor> open_input(const std::string& path) {
  const int fd = is_standard(path) ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                   : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return tl::unexpected(base::error_of_errno(errno, "cannot read " + path));
  base::FileDescriptor input(fd);
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
    return base::fail(base::ErrorCode::usage, "the input " + path + " is a folder");
  return input;
}

tl::expected<Files, Failure> open_files(const Arguments& arguments) {
  auto input = open_input(arguments.operands().empty() ? "-" : arguments.operands()[0]);
  if (!input) return tl::unexpected(Failure(std::move(input).error()));
  auto output = Output::open(arguments.value("output").value_or(""));
  if (!output) return tl::unexpected(Failure(std::move(output).error()));
  if (output->is_same_file_as(input->get()))
    return fail_usage("the output " + arguments.value("output").value_or("-") +
                      " would overwrite the input");
  auto source = age::source_of(input->get());
  if (!source) return tl::unexpected(Failure(std::move(source).error()));
  return Files{*std::move(input), *std::move(source), *std::move(output)};
}

}  // namespace sealift::cli
