// Shares: an amount (requests, bytes) that a front's clients divide among them.
//
// A client may take as long as it holds no more than what is still free: that is the dynamic
// threshold by which switches share their buffers (Choudhury and Hahne, 1998). Alone it gets half,
// the next one half of the rest, and what is given back levels them. An eighth is kept for clients
// that hold little, so that a newcomer finds room whatever some greedy ones do.
//
// Invariants: taken() is the sum of what clients hold; no client that holds nothing is kept.
// Of the engine's thread.
#pragma once

#include <cstddef>
#include <unordered_map>

#include "server/client_of.h"

namespace sealift::server::front {

class Shares {
 public:
  explicit Shares(std::size_t total) : total_(total) {}
  Shares(const Shares&) = delete;
  Shares& operator=(const Shares&) = delete;

  // False, and nothing is taken: it is too much for this client now.
  bool take(const ClientKey& client, std::size_t amount);
  void give_back(const ClientKey& client, std::size_t amount);
  std::size_t taken() const { return taken_; }

 private:
  const std::size_t total_;
  std::size_t taken_ = 0;
  std::unordered_map<ClientKey, std::size_t, ClientKeyHash> held_;
};

// What one connection holds of the shares, given back at its end. `shares` outlives it.
class Share {
 public:
  explicit Share(Shares& shares) : shares_(shares) {}
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  ~Share() { release(); }

  // Holds this amount for `client` from now on; false, and it holds what it held: too much. Less
  // than before is always granted. What is held for another client is given back first.
  bool hold(const ClientKey& client, std::size_t amount);
  void release() { (void)hold(client_, 0); }

 private:
  Shares& shares_;
  ClientKey client_{};
  std::size_t amount_ = 0;
};

}  // namespace sealift::server::front
