// Sensitive<T>: a value that is somebody's personal data.
//
// It cannot be printed, logged or compared with plain text by accident: reading it is a named call
// that a reviewer can search for. Reports and exports unwrap; nothing else should.
#pragma once

#include <utility>

namespace sealift::base {

template <typename T>
class Sensitive {
 public:
  Sensitive() = default;
  explicit Sensitive(T value) : value_(std::move(value)) {}

  const T& unwrap() const { return value_; }

  friend bool operator==(const Sensitive&, const Sensitive&) = default;
  friend auto operator<=>(const Sensitive&, const Sensitive&) = default;

 private:
  T value_{};
};

}  // namespace sealift::base
