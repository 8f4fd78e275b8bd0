#include "extract/pool.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/file_descriptor.h"
#include "base/limits.h"
#include "extract/internal/reader_process.h"

namespace sealift::extract {
namespace {

using base::FileDescriptor;
using base::Result;
using document::Event;
using document::FileBegin;
using document::FileEnd;
using document::FileStatus;

// A file that kills its readers again and again costs this many of them.
constexpr std::size_t kReadersPerFileMax = 16;

std::string reason_of(Silence silence) {
  switch (silence) {
    case Silence::hung:
      return "stopped: no progress for too long";
    case Silence::starved:
      return "stopped: the machine gave its reader no time to work";
    case Silence::nonsense:
      return "its reader misbehaved";
    case Silence::died:
    case Silence::done:
      break;
  }
  return "its reader crashed";
}

// What a reader may say, in which order, about which paths: it has parsed hostile bytes, and may
// speak for the file it was given and nothing else. Also remembers where it is, for another try:
// a reader is deterministic, so the next one's first events are those already handed on.
class Session {
 public:
  Session(const InputFile& file, Pass pass, std::vector<std::uint32_t> only, document::Sink& sink)
      : file_(file), pass_(pass), only_(std::move(only)), sink_(sink) {}

  // Another reader begins. Of the file in which the last one broke, only the end will come.
  void start_over() {
    seen_ = 0;
    begun_ = 0;
    depth_ = 0;
    if (open_.empty()) return;
    delivered_ = open_.back().delivered;
    std::erase_if(waiting_, [&](std::uint32_t ordinal) { return ordinal > open_.back().ordinal; });
  }

  // False: the event has no place here.
  bool take(Event event) {
    const bool known = seen_++ < delivered_;
    if (!known) ++delivered_;
    if (auto* begin = std::get_if<FileBegin>(&event)) {
      const std::optional<std::uint32_t> ordinal = next_ordinal();
      ++depth_;
      if (known) return true;
      if (!ordinal || !may_begin(*begin)) return false;
      open_.push_back({begin->path, *ordinal, delivered_, false});
    } else if (depth_ == 0) {
      return false;
    } else if (auto* end = std::get_if<FileEnd>(&event)) {
      --depth_;
      if (known) return true;
      judge(*end);
      pop();
    } else if (!known) {
      open_.back().has_content = true;
    }
    if (!known) document::deliver(std::move(event), sink_);
    return true;
  }

  bool finished() const {
    return depth_ == 0 && open_.empty() &&
           (pass_ == Pass::scans ? begun_ == only_.size() : begun_ > 0);
  }
  std::optional<std::uint32_t> innermost() const {
    if (open_.empty()) return std::nullopt;
    return open_.back().ordinal;
  }

  // Ends what is open or was never begun; no reader will.
  void close_all(const std::string& reason) {
    if (pass_ == Pass::documents && begun_ == 0 && open_.empty()) {
      sink_.begin_file({file_.path, "", file_.size_bytes});
      open_.push_back({file_.path, 0, 0, false});
    }
    while (!open_.empty()) {
      FileEnd end{FileStatus::failed, reason};
      judge(end);
      pop();
      sink_.end_file(std::move(end));
    }
  }

  std::vector<std::uint32_t> waiting() && { return std::move(waiting_); }

 private:
  struct Open {
    std::string path;
    std::uint32_t ordinal = 0;
    std::uint64_t delivered = 0;  // events up to its begin
    bool has_content = false;
  };

  std::optional<std::uint32_t> next_ordinal() {
    const std::uint32_t at = begun_++;
    if (pass_ == Pass::documents) return at;
    if (at >= only_.size()) return std::nullopt;
    return only_[at];
  }

  void judge(FileEnd& end) {
    if (end.status == FileStatus::failed && open_.back().has_content) {
      end.status = FileStatus::partial;
    }
    if (end.status == FileStatus::partial && end.reason == kWaitsForOcr) {
      waiting_.push_back(open_.back().ordinal);
    }
  }

  void pop() {
    open_.pop_back();
    if (!open_.empty()) open_.back().has_content = true;
  }

  bool may_begin(const FileBegin& begin) const {
    if (pass_ == Pass::scans) {
      return open_.empty() && begin.path.starts_with(file_.path);
    }
    if (open_.empty()) return begun_ == 1 && begin.path == file_.path;
    const std::string& holder = open_.back().path;
    return begin.path.size() > holder.size() + 1 && begin.path.starts_with(holder) &&
           begin.path[holder.size()] == '!';
  }

  const InputFile& file_;
  Pass pass_;
  std::vector<std::uint32_t> only_;
  document::Sink& sink_;
  std::vector<Open> open_;
  std::vector<std::uint32_t> waiting_;
  std::uint64_t delivered_ = 0;  // events handed on, counted as a new reader will send them
  std::uint64_t seen_ = 0;       // events that this reader sent
  std::uint32_t begun_ = 0;      // files that this reader began
  std::size_t depth_ = 0;        // files that it has open
};

// What one pass reads of one file.
struct Task {
  std::size_t index = 0;
  std::vector<Skip> skips;  // known to kill readers
  std::vector<std::uint32_t> only;
};

// One thread's work: a reader, replaced when it breaks.
class Lane {
 public:
  explicit Lane(const PoolOptions& options) : options_(options) {}

  // Gives what the pass over scans has to read of it. Errors: no reader can be started.
  Result<Task> read(const InputFile& file, Pass pass, const Task& task, document::Sink& sink) {
    if (!file.unreadable.empty()) {
      sink.begin_file({file.path, "", 0});
      sink.end_file({FileStatus::unsupported, file.unreadable});
      return Task{task.index, {}, {}};
    }
    Session session(file, pass, task.only, sink);
    Request request{pass, file.size_bytes, file.path, task.skips, task.only};
    const FileDescriptor input(
        open(file.disk_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!input.is_open()) {
      session.close_all(errno == EACCES ? "no right to read it" : "cannot be opened");
      return Task{task.index, {}, {}};
    }
    for (std::size_t tries = 0; tries < kReadersPerFileMax; ++tries) {
      SEALIFT_TRY_VOID(need_reader(pass));
      session.start_over();
      Silence silence = run(session, request, input.get());
      if (silence == Silence::done && session.finished()) break;
      if (silence == Silence::done) silence = Silence::nonsense;
      reader_.reset();
      if (!skip_next_time(session, pass, silence, request)) {
        session.close_all(reason_of(silence));
        break;
      }
    }
    session.close_all("its readers crashed too often");
    return Task{task.index, std::move(request.skips), std::move(session).waiting()};
  }

 private:
  Result<void> need_reader(Pass pass) {
    const Ability ability = pass == Pass::scans ? Ability::scans : Ability::documents;
    if (reader_ && ability_ == ability) return {};
    SEALIFT_TRY(reader_, ReaderProcess::start(options_.program, ability));
    ability_ = ability;
    return {};
  }

  // Notes the file that broke the reader; false when another try would break another reader.
  static bool skip_next_time(const Session& session, Pass pass, Silence silence, Request& request) {
    const auto culprit = session.innermost();
    if (!culprit || (*culprit == 0 && pass == Pass::documents)) return false;
    if (std::ranges::find(request.skips, *culprit, &Skip::ordinal) != request.skips.end()) {
      return false;
    }
    request.skips.push_back({*culprit, reason_of(silence)});
    return true;
  }

  Silence run(Session& session, const Request& request, int input) {
    if (!reader_->ask(request, input)) return Silence::died;
    while (true) {
      auto heard = reader_->next(options_.wait_max);
      if (const auto* silence = std::get_if<Silence>(&heard)) return *silence;
      if (!session.take(std::get<Event>(std::move(heard)))) return Silence::nonsense;
    }
  }

  const PoolOptions& options_;
  Ability ability_ = Ability::documents;
  std::optional<ReaderProcess> reader_;
};

// Runs tasks on `jobs` threads in their order; gives the tasks of the pass over scans.
class PassRunner {
 public:
  PassRunner(std::span<const InputFile> files, const PoolOptions& options, Consumer& consumer)
      : files_(files), options_(options), consumer_(consumer) {}

  Result<std::vector<Task>> run(Pass pass, const std::vector<Task>& tasks) {
    next_ = 0;
    found_.clear();
    std::vector<std::jthread> threads;
    const std::size_t count =
        std::min<std::size_t>(std::max(1U, options_.jobs), std::max<std::size_t>(1, tasks.size()));
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&] { work(pass, tasks); });
    }
    threads.clear();  // joins
    if (error_) return tl::unexpected(*error_);
    std::ranges::sort(found_, {}, &Task::index);
    return std::move(found_);
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  void work(Pass pass, const std::vector<Task>& tasks) {
    Lane lane(options_);
    while (!stopped()) {
      const std::size_t at = next_.fetch_add(1);
      if (at >= tasks.size()) return;
      const Task& task = tasks[at];
      auto sink = consumer_.begin(task.index, pass);
      auto waiting = lane.read(files_[task.index], pass, task, *sink);
      if (waiting) consumer_.end(task.index, pass, std::move(sink));
      const std::scoped_lock lock(mutex_);
      if (!waiting) {
        error_ = waiting.error();
        next_ = tasks.size();
        return;
      }
      if (!waiting->only.empty()) found_.push_back(*std::move(waiting));
    }
  }

  std::span<const InputFile> files_;
  const PoolOptions& options_;
  Consumer& consumer_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::vector<Task> found_;           // under mutex_
  std::optional<base::Error> error_;  // under mutex_
};

}  // namespace

Result<void> extract_files(std::span<const InputFile> files, const PoolOptions& options,
                           Consumer& consumer) {
  std::vector<Task> tasks(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) tasks[i].index = i;
  PassRunner runner(files, options, consumer);
  SEALIFT_TRY(const std::vector<Task> scans, runner.run(Pass::documents, tasks));
  if (options.ocr == Ocr::off || scans.empty()) return {};
  std::size_t count = 0;
  for (const Task& task : scans) count += task.only.size();
  consumer.scans_begin(count);
  SEALIFT_TRY_VOID(runner.run(Pass::scans, scans));
  return {};
}

}  // namespace sealift::extract
