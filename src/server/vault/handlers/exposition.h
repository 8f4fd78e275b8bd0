// Prometheus' text format 0.0.4: families of samples.
// https://prometheus.io/docs/instrumenting/exposition_formats/
//
// Names end in their base unit, counters in _total. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "server/figures.h"

namespace sealift::server::vault {

struct Sample {
  std::string_view labels;  // "" or "{key=\"value\"}"
  std::uint64_t value;
};

void put_gauge(std::string& text, std::string_view name, std::string_view help,
               std::initializer_list<Sample> samples);
void put_counter(std::string& text, std::string_view name, std::string_view help,
                 std::initializer_list<Sample> samples);
// What the fronts counted, and what the vault did.
void put_requests(std::string& text, const Figures& figures);
void put_events(std::string& text, const ServerFigures& figures);

}  // namespace sealift::server::vault
