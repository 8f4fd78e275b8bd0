#include "cli/scan_run.h"

#include <algorithm>
#include <cmath>

#include "base/limits.h"
#include "census/records/record_file.h"
#include "cli/phrase.h"
#include "cli/scan_order.h"

namespace sealift::cli {
namespace {

using extract::Pass;

// As many records are held of a file before they are put: a few megabytes.
constexpr std::size_t kPartRecords = 4096;
constexpr auto kWatchInterval = std::chrono::milliseconds(200);
// Checkpoints take at most a sixteenth of the time.
constexpr double kIdleForCost = 15;
constexpr double kIdleSecondsMin = 4;
constexpr double kIdleSecondsWithoutPeople = 1;
constexpr int kBarWidth = 12;

}  // namespace

class FillingConsumer::FillingSink final : public document::Sink {
 public:
  FillingSink(FillingConsumer& consumer, const extract::InputFile& file, Pass pass)
      : consumer_(consumer), reader_(consumer.tools_), pass_(pass), last_end_(consumer.now()) {
    top_.path = file.path;
    top_.size_bytes = file.size_bytes;
  }

  void begin_file(document::FileBegin begin) override { reader_.begin_file(std::move(begin)); }
  void text(document::Text text) override { reader_.text(std::move(text)); }
  void table_rows(document::TableRows rows) override {
    reader_.table_rows(std::move(rows));
    put_settled();
  }
  void mail_header(document::MailHeader header) override {
    reader_.mail_header(std::move(header));
    put_settled();
  }
  void card(document::Card card) override {
    reader_.card(std::move(card));
    put_settled();
  }
  void end_file(document::FileEnd end) override {
    reader_.end_file(std::move(end));
    put_settled();
    if (pass_ != Pass::scans) return;
    const Seconds now = consumer_.now();
    consumer_.scan_done(now - last_end_);
    last_end_ = now;
  }

  census::Case::TopFile& top() { return top_; }
  std::vector<census::FileRecords> take() { return reader_.take(); }

 private:
  void put_settled() {
    if (pass_ == Pass::documents && reader_.settled() >= kPartRecords)
      consumer_.put_part(top_, reader_.take_settled());
  }

  FillingConsumer& consumer_;
  census::FileReader reader_;
  const Pass pass_;
  Seconds last_end_;
  census::Case::TopFile top_;
};

FillingConsumer::FillingConsumer(census::Case& into, const census::ReadingTools& tools,
                                 const std::vector<extract::InputFile>& files,
                                 const base::Clock& clock, unsigned jobs)
    : case_(into), tools_(tools), files_(files), clock_(clock), jobs_(jobs) {
  for (const extract::InputFile& file : files) {
    state_.total_bytes += file.size_bytes;
    estimate_.expect(cost_hint(file.path), static_cast<double>(file.size_bytes));
  }
}

FillingConsumer::Seconds FillingConsumer::now() const {
  return static_cast<Seconds>(clock_.monotonic().count()) / 1000;
}

std::unique_ptr<document::Sink> FillingConsumer::begin(std::size_t index, Pass pass) {
  const std::scoped_lock lock(counting_);
  begun_[index] = now();
  return std::make_unique<FillingSink>(*this, files_[index], pass);
}

void FillingConsumer::end(std::size_t index, Pass pass, std::unique_ptr<document::Sink> sink) {
  // begin() made it.
  auto& filling = static_cast<FillingSink&>(*sink);
  const std::vector<census::FileRecords> found = filling.take();
  const extract::InputFile& file = files_[index];
  if (!stop_) {
    const std::scoped_lock lock(writing_);
    note(pass == Pass::documents
             ? case_.put_end(filling.top(), found)
             : case_.put(file.path, census::CasePass::scans, file.size_bytes, found));
  }
  const std::scoped_lock lock(counting_);
  const Seconds took = now() - begun_[index];
  begun_.erase(index);
  if (pass == Pass::scans) return;
  state_.done_bytes += file.size_bytes;
  estimate_.learn(cost_hint(file.path), static_cast<double>(file.size_bytes), took);
  for (const census::FileRecords& part : found)
    if (part.reason == census::kWaitsForScans) ++state_.scans_waiting;
}

void FillingConsumer::scans_begin(std::size_t file_count) {
  const std::scoped_lock lock(counting_);
  state_.in_scans = true;
  state_.scans_total = file_count;
  for (std::size_t i = 0; i < file_count; ++i) scans_estimate_.expect("", 1);
}

void FillingConsumer::scan_done(Seconds seconds) {
  const std::scoped_lock lock(counting_);
  ++state_.scans_done;
  scans_estimate_.learn("", 1, seconds);
}

void FillingConsumer::put_part(census::Case::TopFile& top,
                               const std::vector<census::FileRecords>& files) {
  if (stop_) return;
  {
    const std::scoped_lock lock(writing_);
    note(case_.put_part(top, files));
  }
  const std::scoped_lock lock(counting_);
  for (const census::FileRecords& part : files)
    if (part.reason == census::kWaitsForScans) ++state_.scans_waiting;
}

void FillingConsumer::note(base::Result<void> put) {
  if (put) return;
  const std::scoped_lock lock(counting_);
  if (!failed_) failed_ = std::move(put).error();
  stop_ = true;
}

std::optional<base::Error> FillingConsumer::failed() const {
  const std::scoped_lock lock(counting_);
  return failed_;
}

ScanState FillingConsumer::state() const {
  const std::scoped_lock lock(counting_);
  ScanState state = state_;
  for (const auto& [index, begun] : begun_)
    state.longest_seconds = std::max(state.longest_seconds, now() - begun);
  state.left = (state.in_scans ? scans_estimate_ : estimate_).left(jobs_);
  if (!state.left || state.in_scans) return state;
  // Files being read count as ahead in full: take off what was spent on them.
  Seconds spent = 0;
  for (const auto& [index, begun] : begun_) spent += now() - begun;
  spent /= std::max(1U, jobs_);
  state.left->low_seconds = std::max(0.0, state.left->low_seconds - spent);
  state.left->high_seconds =
      std::max(state.left->high_seconds / 2, state.left->high_seconds - spent);
  return state;
}

void CheckpointSchedule::done(double now_seconds, double cost_seconds, std::uint64_t people) {
  const double idle = people > 0 ? kIdleSecondsMin : kIdleSecondsWithoutPeople;
  next_ = now_seconds + std::max(idle, kIdleForCost * cost_seconds);
}

ScanWatcher::ScanWatcher(const std::string& case_folder, FillingConsumer& consumer,
                         const Environment& environment)
    : case_folder_(case_folder),
      consumer_(consumer),
      clock_(environment.clock),
      language_(environment.language),
      progress_(environment, "", 0),
      thread_([this] { work(); }) {}

void ScanWatcher::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ScanWatcher::work() {
  const auto started = clock_.monotonic();
  // A connection of its own: it reads while others write. Without one there are no checkpoints, and
  // what hinders it will hinder the scan too, which says so.
  auto view = census::Case::open(case_folder_);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kWatchInterval, [this] { return stopped_; })) {
    lock.unlock();
    progress_.show([this] { return line(); });
    const auto seconds = [&] {
      return static_cast<double>((clock_.monotonic() - started).count()) / 1000;
    };
    const double begun = seconds();
    if (view && schedule_.is_due(begun)) {
      static_cast<void>(resolve_now(*view));
      const ScanState state = consumer_.state();
      last_cost_ = seconds() - begun;
      whole_cost_ = last_cost_ * static_cast<double>(state.total_bytes) /
                    std::max(1.0, static_cast<double>(state.done_bytes));
      schedule_.done(seconds(), last_cost_, people_);
    }
    lock.lock();
  }
}

base::Result<void> ScanWatcher::resolve_now(census::Case& view) {
  SEALIFT_TRY(const census::Case::Resolved found, view.find_people({.jobs = 1}));
  const std::scoped_lock lock(consumer_.writing());
  SEALIFT_TRY(people_, view.keep_people(found));
  return {};
}

std::string ScanWatcher::line() const {
  const ScanState state = consumer_.state();
  std::optional<TimeLeft> left = state.left;
  if (left) {
    left->low_seconds += last_cost_;
    left->high_seconds += whole_cost_;
  }
  std::string more = left ? "  " + to_string(*left, language_) : "";
  if (state.longest_seconds > limits::kFileWaitSecondsMax)
    more += phrase(language_, ", one file since {seconds} s",
                   static_cast<std::uint64_t>(std::lround(state.longest_seconds)));
  if (state.in_scans) {
    const double share = static_cast<double>(state.scans_done) /
                         static_cast<double>(std::max<std::size_t>(1, state.scans_total));
    return phrase(language_,
                  "recognising {bar} {done} of {total} {total:scan|scans}  {people} "
                  "{people:person|people} so far",
                  bar_text(share, kBarWidth), state.scans_done, state.scans_total, people_) +
           more;
  }
  const double share =
      static_cast<double>(state.done_bytes) / std::max(1.0, static_cast<double>(state.total_bytes));
  if (state.scans_waiting > 0)
    more += phrase(language_, ", then {count} {count:scan|scans}", state.scans_waiting);
  return phrase(
             language_,
             "reading {bar} {done_bytes} of {total_bytes}  {people} {people:person|people} so far",
             bar_text(share, kBarWidth), state.done_bytes, state.total_bytes, people_) +
         more;
}

}  // namespace sealift::cli
