#include "readers/text/html.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "readers/text/flow.h"
#include "readers/text/markup.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::TextRole;

constexpr std::array<std::string_view, 30> kBlocks = {
    "p",  "div", "h1",   "h2",      "h3",      "h4",     "h5",     "h6",    "li",      "ul",
    "ol", "dl",  "dt",   "dd",      "pre",     "form",   "hr",     "title", "article", "section",
    "br", "nav", "main", "caption", "address", "header", "footer", "body",  "option",  "fieldset"};

bool is_block(std::string_view name) {
  return std::ranges::find(kBlocks, name) != kBlocks.end() || name == "blockquote";
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

// Runs of white space become one space; none at the start of a line.
void append_collapsed(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (!is_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ' && out.back() != '\n') {
      out += ' ';
    }
  }
}

class HtmlReader {
 public:
  HtmlReader(std::string_view html, const Place& place, Context& context)
      : markup_(html, Markup::Language::html), flow_(context, place, TextRole::body) {}

  void read() {
    while (markup_.next()) {
      switch (markup_.kind()) {
        case Markup::Kind::open:
          open(markup_.name());
          break;
        case Markup::Kind::close:
          close(markup_.name());
          break;
        case Markup::Kind::text:
          text();
          break;
      }
    }
  }

 private:
  void text() {
    if (hidden_) return;
    std::string text;
    markup_.append_text(text);
    if (preformatted_ > 0) {
      flow_.out() += text;
    } else {
      append_collapsed(flow_.out(), text);
    }
  }

  void open(std::string_view name) {
    if (name == "script" || name == "style") {
      hidden_ = true;
    } else if (name == "table") {
      flow_.begin_table();
    } else if (name == "tr") {
      flow_.begin_row();
    } else if (name == "td" || name == "th") {
      // A cell without its close ends where the next begins.
      flow_.end_cell(span_);
      flow_.begin_cell();
      span_ = column_span();
    } else if (name == "input") {
      const std::string value = markup_.attribute("value");
      if (markup_.raw_attribute("type") != "hidden") append_collapsed(flow_.out(), value);
    } else if (name == "a") {
      const std::string target = markup_.attribute("href");
      if (target.starts_with("mailto:")) mail_target_ = target.substr(7, target.find('?') - 7);
    } else if (is_block(name)) {
      flow_.end_paragraph();
      if (name == "pre") ++preformatted_;
    }
  }

  void close(std::string_view name) {
    if (name == "script" || name == "style") {
      hidden_ = false;
    } else if (name == "table") {
      flow_.end_cell(span_);
      flow_.end_table();
    } else if (name == "tr") {
      flow_.end_cell(span_);
      flow_.end_row();
    } else if (name == "td" || name == "th") {
      flow_.end_cell(span_);
      span_ = 1;
    } else if (name == "a") {
      // An address behind a name is part of what a reader of the page gets.
      if (!mail_target_.empty() && !flow_.out().ends_with(mail_target_)) {
        flow_.out() += " <" + mail_target_ + ">";
      }
      mail_target_.clear();
    } else if (is_block(name)) {
      flow_.end_paragraph();
      if (name == "pre" && preformatted_ > 0) --preformatted_;
    }
  }

  std::size_t column_span() const {
    const std::string_view value = markup_.raw_attribute("colspan");
    std::size_t span = 1;
    std::from_chars(value.data(), value.data() + value.size(), span);
    return std::clamp<std::size_t>(span, 1, 100);
  }

  Markup markup_;
  Flow flow_;
  bool hidden_ = false;
  int preformatted_ = 0;
  std::size_t span_ = 1;
  std::string mail_target_;
};

}  // namespace

FileEnd read_html(base::ByteView bytes, Context& context) {
  const std::string charset = html_charset(base::text_of(bytes).substr(0, 4096));
  const std::string html = decode(bytes, charset);
  read_html_text(html, {}, context);
  return read_whole();
}

void read_html_text(std::string_view html, const Place& place, Context& context) {
  HtmlReader(html, place, context).read();
}

std::string html_words(std::string_view html) {
  Markup markup(html, Markup::Language::html);
  std::string out;
  bool hidden = false;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::text) {
      std::string text;
      markup.append_text(text);
      if (!hidden) append_collapsed(out, text);
      continue;
    }
    const bool script =
        markup.name() == "script" || markup.name() == "style" || markup.name() == "title";
    if (script) hidden = markup.kind() == Markup::Kind::open;
    if (is_block(markup.name()) || markup.name() == "td") append_collapsed(out, " ");
  }
  return out;
}

std::string html_charset(std::string_view start) {
  Markup markup(start, Markup::Language::html);
  while (markup.next()) {
    if (!markup.opens("meta")) continue;
    std::string charset(markup.raw_attribute("charset"));
    const std::string_view content = markup.raw_attribute("content");
    const std::size_t at = content.find("charset=");
    if (charset.empty() && at != std::string_view::npos) charset = content.substr(at + 8);
    if (!charset.empty()) return charset;
  }
  return {};
}

}  // namespace sealift::readers
