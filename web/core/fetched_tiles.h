// Fetched tiles: a log's tiles, as far as the page has fetched them. An operation that needs another
// one answers with its path; the page fetches it and asks again (web/src/account/log_watch.ts).
#pragma once

#include <map>
#include <string>

#include "core/call.h"
#include "log/checkpoint.h"
#include "log/tile.h"

namespace sealift::web {

class FetchedTiles final : public log::TileSource {
 public:
  // tiles := how many, (path, bytes) of each
  base::Result<void> take(Arguments& in);
  // Errors: io (not fetched yet: needed() is its path), not_found (the server has none).
  base::Result<base::Bytes> read(const log::TileId& tile) override;

  const std::string& needed() const { return needed_; }

 private:
  std::map<std::string, base::Bytes> fetched_;
  std::string needed_;
};

// size, root
base::Result<log::TreeHead> head_of(Arguments& in);
// origin, size, root
void give_checkpoint(const log::Checkpoint& checkpoint, Answer& out);

}  // namespace sealift::web
