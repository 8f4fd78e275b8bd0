// What capitalised words are when they are no person's name: streets, schools, towns, words of
// programs. Used by detect_names.cc. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace sealift::census::internal {

// "street", "school", "ltd": what is named by the words before it is no person.
bool is_thing(std::string_view folded);

// "Noser Street", "Garvey & Sons", "Blue Heron PS": such a word stands right behind `end`, or
// behind at most `words_between` capitalised words ("Harmony" of "Harmony Creek PS").
bool followed_by_thing(std::string_view text, std::size_t end, std::size_t words_between);

// "TimeZoneFormat": capitals after small letters in two places, or one that no "Mc" or "De"
// explains.
bool is_program_word(std::string_view words);

// "Port Perry", "É.É. Rive-Claire": a town, or a school by its French short form.
bool is_place(std::string_view words);

}  // namespace sealift::census::internal
