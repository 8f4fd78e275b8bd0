#include "server/config.h"

#include <gtest/gtest.h>

namespace sealift::server {
namespace {

TEST(ConfigTest, EveryKeyIsRead) {
  const auto config = parse_config(
      "# a comment\n"
      "listen = 127.0.0.1:8080\n"
      "listen=[::1]:8080   # another\n"
      "listen = unix:/run/sealift.sock\n"
      "host_name = files.example.org\n"
      "tls = self-made\n"
      "fronts = 2\n"
      "name = Clinic\n"
      "requests_per_second = 100\n"
      "entries_per_hour = 7000\n"
      "mail_host = mail.example.org\nmail_port = 465\nmail_security = tls\n"
      "mail_from = sealift@example.org\nserver_url = https://files.example.org\n");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->listen.size(), 3U);
  EXPECT_EQ(config->listen[1].host, "::1");
  EXPECT_EQ(config->listen[2].unix_path, "/run/sealift.sock");
  EXPECT_EQ(config->host_names, std::vector<std::string>{"files.example.org"});
  EXPECT_EQ(config->tls, TlsUse::self_made);
  EXPECT_EQ(config->fronts, 2U);
  EXPECT_EQ(config->name, "Clinic");
  EXPECT_EQ(config->requests_per_second, 100U);
  EXPECT_EQ(config->entries_per_hour, 7000U);
  ASSERT_TRUE(config->mail);
  EXPECT_EQ(config->mail->smtp.port, 465);
  EXPECT_EQ(config->mail->head.server_url, "https://files.example.org");
  EXPECT_EQ(parse_config("server_url = https://f.example.org\n")->server_url,
            "https://f.example.org")
      << "links need it where no mail server is";
}

TEST(ConfigTest, HowLongUploadsFinishTheirParcelsIsRead) {
  using std::chrono::hours;
  EXPECT_FALSE(parse_config("")->finish_within_ms) << "the vault knows its default";
  EXPECT_EQ(parse_config("finish_within = 12h\n")->finish_within_ms, hours(12));
  EXPECT_EQ(parse_config("finish_within = 30d\n")->finish_within_ms, hours(30 * 24));
  EXPECT_EQ(parse_config("finish_within = 0\n")->finish_within_ms, hours(0));
}

TEST(ConfigTest, TheServersOwnLogAndItsSocketsAreRead) {
  const auto config = parse_config(
      "syslog_certificates = /etc/ca.pem\nsyslog = tls:logs.example.org\nlog_file_bytes = 1G\n"
      "log_logins = names\nsocket_mode = 0660\nsocket_owner = www-data:sealift\n");
  ASSERT_TRUE(config) << config.error().text;
  ASSERT_TRUE(config->syslog);
  EXPECT_EQ(config->syslog->way, SyslogWay::tls);
  EXPECT_EQ(config->syslog->certificates_path, "/etc/ca.pem");
  EXPECT_EQ(config->log_file_bytes_max, std::uint64_t{1} << 30);
  EXPECT_EQ(config->login_names, vault::LoginNames::shown);
  EXPECT_EQ(config->socket_file.mode, 0660U);
  EXPECT_EQ(config->socket_file.user, "www-data");
  EXPECT_EQ(config->socket_file.group, "sealift");
  EXPECT_EQ(parse_config("log_file_bytes = 0\n")->log_file_bytes_max, 0U);
  EXPECT_EQ(parse_config("socket_owner = :sealift\n")->socket_file.group, "sealift");
  EXPECT_EQ(
      parse_config("syslog = tls:a.example\nsyslog_certificates = b\n")->syslog->certificates_path,
      "b");
}

TEST(ConfigTest, NamesInTheLogDoNotCrossTheNetworkInTheClear) {
  const std::string names = "log_logins = names\n";
  EXPECT_FALSE(parse_config(names + "syslog = udp:192.0.2.1\n"));
  EXPECT_FALSE(parse_config(names + "syslog = tcp:logs.example.org\n"));
  EXPECT_TRUE(parse_config(names + "syslog = tls:logs.example.org\n"));
  EXPECT_TRUE(parse_config(names + "syslog = unix:/dev/log\n"));
  EXPECT_TRUE(parse_config(names + "syslog = udp:127.0.0.1\n"));
  EXPECT_TRUE(parse_config("syslog = udp:192.0.2.1\n")) << "pseudonyms may";
}

TEST(ConfigTest, AnythingElseIsRefused) {
  for (const std::string_view text : {"listen",
                                      "listen = ",
                                      "listen = 8080",
                                      "listen = example.org:80",
                                      "listen = 1.2.3.4:65536",
                                      "listen = ::1:80",
                                      "listen = unix:",
                                      "unknown = 1",
                                      "tls = off",
                                      "fronts = 0",
                                      "fronts = 65",
                                      "fronts = 1\nfronts = 1",
                                      "name = ",
                                      "syslog = logs.example.org",
                                      "syslog_certificates = ",
                                      "log_file_bytes = 63K",
                                      "log_file_bytes = much",
                                      "finish_within = 31d",
                                      "finish_within = soon",
                                      "finish_within = -1d",
                                      "log_logins = yes",
                                      "socket_mode = 888",
                                      "socket_mode = 1777",
                                      "socket_mode = ",
                                      "socket_owner = ",
                                      "socket_owner = a:",
                                      "host_name = a b",
                                      "behind_proxy = true",
                                      "certificate = a.pem",
                                      "private_key = a.pem",
                                      "tls = files",
                                      "incident_recipient = age1x",
                                      "mail_host = mail.example.org",
                                      "mail_host = m\nmail_from = nobody\nserver_url = https://a",
                                      "server_url = ftp://a",
                                      "requests_per_second = 0",
                                      "entries_per_hour = 0",
                                      "entries_per_hour = 1000000001"}) {
    EXPECT_FALSE(parse_config(text)) << text;
  }
}

TEST(ConfigTest, ARefusalSaysTheLineTheValueWhyAndWhatMayBe) {
  for (const auto& [text, said] :
       {std::pair<std::string_view, std::string_view>{
            "name = A\n\nlisten = 8080",
            "configuration, line 3: listen can't be \"8080\": it takes 127.0.0.1:PORT"},
        {"tls", "configuration, line 1: \"tls\" has no =: write KEY = VALUE"},
        {"tsl = files",
         "configuration, line 1: there is no such key as \"tsl\": did you mean tls?"},
        {"nothing = alike",
         "configuration, line 1: there is no key \"nothing\": "
         "/usr/share/doc/sealift-server/operate/server.md lists them"},
        {"fronts = 1\nfronts = 2", "configuration, line 2: fronts is set for the second time"},
        {"tls = off # now", "line 1: tls can't be \"off\": it takes files or self-made"}}) {
    const auto config = parse_config(text);
    ASSERT_FALSE(config) << text;
    EXPECT_NE(config.error().text.find(said), std::string::npos) << config.error().text;
  }
  EXPECT_EQ(parse_config("tls = a\x1b[1m").error().text.find('\x1b'), std::string::npos);
}

TEST(ConfigTest, AnAddressThatIsNoneSaysWhy) {
  for (const auto& [text, why] :
       {std::pair<std::string_view, std::string_view>{
            "8080", "\"8080\" is no address to listen on: it has no colon"},
        {"1.2.3.4:65536", "its port is no number from 0 to 65535"},
        {"example.org:80", "its host is no IP address"},
        {"::1:80", "its host is no IP address"},
        {"unix:", "the path of a socket has 1 to 100 bytes"}}) {
    const auto address = ListenAddress::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().text.find(why), std::string::npos) << address.error().text;
    EXPECT_NE(address.error().text.find("; write 127.0.0.1:PORT"), std::string::npos);
  }
}

TEST(ConfigTest, OtherMachinesAreServedOverTlsOnly) {
  const Config config;
  const auto is_tls = [&](std::string_view address) {
    return config.is_tls(ListenAddress::parse(address).value());
  };
  EXPECT_FALSE(is_tls("127.0.0.1:80").value());
  EXPECT_FALSE(is_tls("[::1]:80").value());
  EXPECT_FALSE(is_tls("unix:/run/s").value());
  EXPECT_FALSE(is_tls("0.0.0.0:80"));
  EXPECT_FALSE(is_tls("[::]:80"));
  EXPECT_FALSE(is_tls("192.0.2.1:80"));
  Config with_tls;
  with_tls.tls = TlsUse::self_made;
  EXPECT_TRUE(with_tls.is_tls(ListenAddress::parse("0.0.0.0:443").value()).value());
}

}  // namespace
}  // namespace sealift::server
