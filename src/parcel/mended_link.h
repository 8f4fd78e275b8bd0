// What a mail program made of a link, put right: from the text a person pastes, or opens, to the
// link that was sent.
//
// Mail systems wrap links in addresses of their own (Safe Links, urldefense), turn "#" into "%23",
// break lines, add a full stop, a bracket, a query, or cut the end off. The lengths of id and
// secret are known, so what is too much is told from what is missing; nobody is asked. Where "#"
// was no "#" any more, or the link was in a wrapping, servers on the way have read the secret: its
// holder is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sealift::parcel {

enum class LinkKind : std::uint8_t { parcel, request, enrolment };

struct MendedLink {
  // none: no link of ours in it. cut: one whose end is missing, or was changed to capitals.
  enum class State : std::uint8_t { none, cut, whole };
  State state = State::none;
  LinkKind kind = LinkKind::parcel;
  std::string text{};       // of a whole link: as it was sent
  std::size_t missing = 0;  // of a cut one: characters at its end
  bool was_seen = false;    // its secret was readable for servers on the way
};

// Text of any length and kind; what is after kMendedTextMax bytes is not looked at.
inline constexpr std::size_t kMendedTextMax = 16 * 1024;
MendedLink mend_link(std::string_view pasted);

}  // namespace sealift::parcel
