#include "server/front/shares.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace sealift::server::front {
namespace {

constexpr std::size_t kKept = 8;      // so much of all, for those who hold little:
constexpr std::size_t kLittle = 256;  // no more than this part of all

}  // namespace

bool Shares::take(const ClientKey& client, std::size_t amount) {
  const auto found = held_.find(client);
  const std::size_t held = found == held_.end() ? 0 : found->second;
  const std::size_t free = total_ - taken_;
  const bool is_little = held + amount <= std::max<std::size_t>(1, total_ / kLittle);
  const std::size_t kept = is_little ? 0 : total_ / kKept;
  if (amount + kept > free) return false;
  if (!is_little && held + amount > free - kept - amount) return false;
  taken_ += amount;
  held_[client] = held + amount;
  return true;
}

void Shares::give_back(const ClientKey& client, std::size_t amount) {
  if (amount == 0) return;
  const auto found = held_.find(client);
  SEALIFT_CHECK(found != held_.end() && found->second >= amount);
  found->second -= amount;
  taken_ -= amount;
  if (found->second == 0) held_.erase(found);
}

bool Share::hold(const ClientKey& client, std::size_t amount) {
  if (client != client_) {
    shares_.give_back(client_, std::exchange(amount_, 0));
    client_ = client;
  }
  if (amount <= amount_) {
    shares_.give_back(client_, amount_ - amount);
  } else if (!shares_.take(client_, amount - amount_)) {
    return false;
  }
  amount_ = amount;
  return true;
}

}  // namespace sealift::server::front
