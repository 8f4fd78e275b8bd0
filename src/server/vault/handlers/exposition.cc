#include "server/vault/handlers/exposition.h"

#include <algorithm>
#include <array>

namespace sealift::server::vault {
namespace {

// Of all fronts together.
struct Sums {
  std::array<std::array<std::uint64_t, kStatuses>, kRequestClasses> by_status{};
  std::array<std::array<std::uint64_t, kLatencyBoundsMs.size() + 1>, kRequestClasses> by_latency{};
  std::array<std::uint64_t, kRequestClasses> milliseconds{};
  std::uint64_t connections_refused = 0;
};

Sums sums_of(const Figures& figures) {
  Sums sums;
  const std::size_t begun = std::min<std::size_t>(figures.next_front, Figures::kFrontsMax);
  for (std::size_t front = 0; front < begun; ++front) {
    const FrontFigures& each = figures.fronts.at(front);
    sums.connections_refused += each.connections_refused;
    for (std::size_t i = 0; i < kRequestClasses; ++i) {
      const ClassFigures& of_class = each.classes.at(i);
      for (std::size_t n = 0; n < kStatuses; ++n)
        sums.by_status.at(i).at(n) += of_class.by_status.at(n);
      for (std::size_t n = 0; n <= kLatencyBoundsMs.size(); ++n)
        sums.by_latency.at(i).at(n) += of_class.by_latency.at(n);
      sums.milliseconds.at(i) += of_class.milliseconds;
    }
  }
  return sums;
}

void put_head(std::string& text, std::string_view name, std::string_view help,
              std::string_view type) {
  text.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void put_sample(std::string& text, std::string_view name, std::string_view labels,
                std::string_view value) {
  text.append(name).append(labels).append(" ").append(value).append("\n");
}

// Milliseconds as seconds: "0.005", "2.5", "60".
std::string seconds(std::uint64_t ms) {
  std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::to_string(ms / 1000) + (fraction.empty() ? "" : "." + fraction);
}

std::string_view name_of_class(std::size_t number) {
  return class_name(static_cast<RequestClass>(number));
}

void put_statuses(std::string& text, const Sums& sums) {
  constexpr std::string_view kName = "sealift_requests_total";
  constexpr std::size_t kOk = 200 - kStatusMin;
  put_head(text, kName, "Answers by class of request and status code.", "counter");
  for (std::size_t i = 0; i < kRequestClasses; ++i) {
    for (std::size_t n = 0; n < kStatuses; ++n) {
      const std::uint64_t count = sums.by_status.at(i).at(n);
      if (count == 0 && n != kOk) continue;
      const std::string labels = "{class=\"" + std::string(name_of_class(i)) + "\",code=\"" +
                                 std::to_string(n + kStatusMin) + "\"}";
      put_sample(text, kName, labels, std::to_string(count));
    }
  }
}

void put_latencies(std::string& text, const Sums& sums) {
  const std::string name = "sealift_request_seconds";
  put_head(text, name, "From a request's head to the beginning of its answer.", "histogram");
  for (std::size_t i = 0; i < kRequestClasses; ++i) {
    const std::string of_class = "class=\"" + std::string(name_of_class(i)) + "\"";
    std::uint64_t count = 0;
    for (std::size_t n = 0; n <= kLatencyBoundsMs.size(); ++n) {
      count += sums.by_latency.at(i).at(n);
      const bool is_last = n == kLatencyBoundsMs.size();
      const std::string bound = is_last ? "+Inf" : seconds(kLatencyBoundsMs.at(n));
      put_sample(text, name + "_bucket", "{" + of_class + ",le=\"" + bound + "\"}",
                 std::to_string(count));
    }
    put_sample(text, name + "_sum", "{" + of_class + "}", seconds(sums.milliseconds.at(i)));
    put_sample(text, name + "_count", "{" + of_class + "}", std::to_string(count));
  }
}

void put_family(std::string& text, std::string_view name, std::string_view help,
                std::string_view type, std::initializer_list<Sample> samples) {
  put_head(text, name, help, type);
  for (const Sample& sample : samples) {
    put_sample(text, name, sample.labels, std::to_string(sample.value));
  }
}

}  // namespace

void put_gauge(std::string& text, std::string_view name, std::string_view help,
               std::initializer_list<Sample> samples) {
  put_family(text, name, help, "gauge", samples);
}

void put_counter(std::string& text, std::string_view name, std::string_view help,
                 std::initializer_list<Sample> samples) {
  put_family(text, name, help, "counter", samples);
}

void put_requests(std::string& text, const Figures& figures) {
  const Sums sums = sums_of(figures);
  put_statuses(text, sums);
  put_latencies(text, sums);
  put_counter(text, "sealift_connections_refused_total",
              "Connections closed because a client or the server had too many.",
              {{"", sums.connections_refused}});
}

void put_events(std::string& text, const ServerFigures& figures) {
  put_counter(text, "sealift_logins_failed_total", "Logins with a wrong password or address.",
              {{"", figures.logins_failed}});
  put_counter(text, "sealift_proofs_failed_total",
              "Links, requests and enrolments tried with a wrong secret.",
              {{"", figures.proofs_failed}});
  put_counter(text, "sealift_throttled_total", "Requests answered with 429, by class.",
              {{"{class=\"ordinary\"}", figures.throttled[0]},
               {"{class=\"guessing\"}", figures.throttled[1]},
               {"{class=\"costly\"}", figures.throttled[2]}});
  put_counter(text, "sealift_disk_full_total", "Requests answered with 507.",
              {{"", figures.disk_full}});
  put_counter(text, "sealift_blobs_missing_total", "Payloads asked for that the disk has not.",
              {{"", figures.blobs_missing}});
  put_counter(text, "sealift_mails_failed_total", "Attempts to send a letter that failed.",
              {{"", figures.mails_failed}});
  put_counter(text, "sealift_roles_ended_total", "Processes of the server that ended unasked.",
              {{"", figures.roles_ended}});
  put_gauge(text, "sealift_unexplained_bytes",
            "Bytes in the store that no row of the catalog explains, by the last hourly look.",
            {{"", figures.unexplained_bytes}});
  put_gauge(text, "sealift_certificate_expiry_time_seconds",
            "When the certificate expires; 0: a proxy has it.",
            {{"", figures.certificate_expires_ms / 1000}});
}

}  // namespace sealift::server::vault
