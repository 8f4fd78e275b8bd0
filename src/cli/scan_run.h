// One scan at work: files become records of a case, people are resolved while more arrive, and a
// line says how far it is.
//
//   readers' threads   FillingConsumer: understands what they read, puts it into the case
//   one thread         ScanWatcher: checkpoints (people of what is there so far), the progress line
//
// Checkpoints are for whoever waits: the people of the whole are resolved anew when all is read,
// so neither their number nor their moments leave a trace.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "census/case/case.h"
#include "census/records/record_reading.h"
#include "cli/progress.h"
#include "cli/scan_estimate.h"
#include "extract/pool.h"

namespace sealift::cli {

// How far a scan is.
struct ScanState {
  bool in_scans = false;  // the pass over pictures of text
  std::uint64_t done_bytes = 0, total_bytes = 0;
  std::size_t scans_waiting = 0;  // pictures of text that the second pass will read
  std::size_t scans_done = 0, scans_total = 0;
  double longest_seconds = 0;  // since the beginning of the file that is being read the longest
  std::optional<TimeLeft> left;
};

// Thread-safe. Borrows everything it is made with.
class FillingConsumer final : public extract::Consumer {
 public:
  FillingConsumer(census::Case& into, const census::ReadingTools& tools,
                  const std::vector<extract::InputFile>& files, const base::Clock& clock,
                  unsigned jobs);

  std::unique_ptr<document::Sink> begin(std::size_t index, extract::Pass pass) override;
  void end(std::size_t index, extract::Pass pass, std::unique_ptr<document::Sink> sink) override;
  void scans_begin(std::size_t file_count) override;

  ScanState state() const;
  // What went wrong with the case; the scan stops then.
  std::optional<base::Error> failed() const;
  const std::atomic<bool>& stop() const { return stop_; }
  // Held by whoever writes to the case.
  std::mutex& writing() { return writing_; }

 private:
  class FillingSink;
  using Seconds = double;
  Seconds now() const;
  void note(base::Result<void> put);
  void put_part(census::Case::TopFile& top, const std::vector<census::FileRecords>& files);
  void scan_done(Seconds seconds);

  census::Case& case_;
  const census::ReadingTools& tools_;
  const std::vector<extract::InputFile>& files_;
  const base::Clock& clock_;
  const unsigned jobs_;
  std::mutex writing_;  // before counting_, where both are held
  std::atomic<bool> stop_ = false;

  mutable std::mutex counting_;  // the rest
  ScanEstimate estimate_, scans_estimate_;
  std::map<std::size_t, Seconds> begun_;  // files being read
  ScanState state_;
  std::optional<base::Error> failed_;
};

// When people are resolved while a scan is at work: every second until there are any, then so
// seldom that it costs little.
class CheckpointSchedule {
 public:
  bool is_due(double now_seconds) const { return now_seconds >= next_; }
  void done(double now_seconds, double cost_seconds, std::uint64_t people);

 private:
  double next_ = 1;
};

// Works from its making to stop(). Borrows everything it is made with.
class ScanWatcher {
 public:
  ScanWatcher(const std::string& case_folder, FillingConsumer& consumer,
              const Environment& environment);
  ~ScanWatcher() { stop(); }
  ScanWatcher(const ScanWatcher&) = delete;
  ScanWatcher& operator=(const ScanWatcher&) = delete;

  // Waits for a checkpoint that has begun.
  void stop();

 private:
  void work();
  base::Result<void> resolve_now(census::Case& view);
  std::string line() const;

  const std::string case_folder_;
  FillingConsumer& consumer_;
  const base::Clock& clock_;
  const base::Language language_;
  Progress progress_;
  CheckpointSchedule schedule_;
  // Of the last checkpoint, and what resolving all will take if the rest is like what was read.
  std::uint64_t people_ = 0;
  double last_cost_ = 0, whole_cost_ = 0;  // seconds
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;  // guarded by mutex_
  std::thread thread_;    // last: it uses the rest
};

}  // namespace sealift::cli
