#include "census/names/match_nickname.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sealift::census {
namespace {

// One group a line, the full form first.
constexpr std::string_view kGroups[] = {
    "abigail abby gail",
    "abraham abe bram",
    "agnes aggie nessie",
    "albert al bert bertie",
    "alexander alex sandy xander lex alec sasha",
    "alexandra alex sandra lexi sandy sasha",
    "alfred al fred alfie",
    "alison ali allie",
    "amanda mandy",
    "amelia amy millie",
    "andrew andy drew",
    "angela angie",
    "ann anna annie nan nancy anne",
    "anthony tony",
    "antoine toni",
    "arthur art artie",
    "barbara barb babs barbie",
    "bartholomew bart",
    "beatrice bea trixie",
    "benjamin ben benny benji",
    "bernard bernie",
    "bradley brad",
    "cameron cam",
    "carolyn carol carrie caroline lynn",
    "catherine cathy kate katie kathy kitty cate kat katherine kathleen kathryn cath",
    "cecilia cissy celia",
    "charles charlie chuck chas",
    "charlotte lottie char charlie",
    "christina chris tina christine chrissy christie",
    "christopher chris kit topher",
    "clarence clare",
    "clifford cliff",
    "constance connie",
    "cornelius neil corney",
    "cynthia cindy",
    "daniel dan danny",
    "danielle dani",
    "david dave davey davy",
    "deborah deb debbie debra",
    "dennis denny den",
    "desmond des",
    "dolores lola",
    "dominic dom nick",
    "donald don donny",
    "dorothy dot dottie dolly dora",
    "douglas doug",
    "edmund ed ned ted eddie",
    "edward ed eddie ned ted teddy",
    "edwin ed eddie",
    "eleanor ellie nell nora ella",
    "elizabeth beth betty liz lizzie eliza libby bess lisa elsie betsy elisabeth",
    "emily em emmy millie",
    "eugene gene",
    "evelyn eve evie",
    "florence flo flora",
    "frances fran fanny francie",
    "francis frank fran",
    "franklin frank",
    "frederick fred freddie rick frederic",
    "gabriel gabe",
    "gabrielle gabby",
    "geoffrey geoff jeff jeffrey",
    "george georgie",
    "gerald gerry jerry",
    "gertrude gert trudy gertie",
    "gilbert gil bert",
    "gregory greg gregg",
    "guillaume gui",
    "gwendolyn gwen wendy",
    "harold harry hal",
    "harriet hattie",
    "helen nell nellie ellen",
    "henry harry hank hal",
    "herbert herb bert",
    "howard howie",
    "hubert bert",
    "irene rena",
    "isabella bella izzy isabel belle isabelle",
    "jacob jake",
    "jacqueline jackie",
    "james jim jimmy jamie jem",
    "jane janie jenny",
    "janet jan",
    "jason jay",
    "jean jeanne jeannie",
    "jennifer jen jenny",
    "jeremy jerry jem",
    "jessica jess jessie",
    "john jack johnny jon",
    "jonathan jon jonny nathan",
    "joseph joe joey jo",
    "josephine jo josie",
    "joshua josh",
    "joyce joy",
    "judith judy",
    "julia julie jules",
    "kenneth ken kenny",
    "kimberly kim",
    "kristen kris kristin",
    "lawrence larry laurie lawrie laurence",
    "leonard len leo lenny",
    "leslie les",
    "lillian lil lily",
    "louis lou lewis louie",
    "louise lou",
    "lucas luke",
    "lucille lucy",
    "magdalene maggie lena",
    "margaret maggie meg peggy marge greta daisy madge rita margie marguerite",
    "maria marie mary",
    "martha marty patty",
    "martin marty",
    "mary molly polly mamie may",
    "matthew matt matty mat",
    "maurice moe morrie",
    "maximilian max",
    "maxwell max",
    "melissa mel missy lissa",
    "michael mike mick mickey mikey mitch",
    "michelle shelly mickey",
    "mildred millie",
    "miriam mimi",
    "mitchell mitch",
    "mohammed mo mohamed muhammad mohammad mehmet mohamad",
    "nancy nan",
    "natalie nat",
    "nathaniel nate nathan nat",
    "nicholas nick nicky nico nicolas",
    "nicole nikki nicky",
    "norman norm",
    "oliver ollie",
    "olivia liv livvy",
    "oscar ozzie",
    "oswald ozzie",
    "pamela pam",
    "patricia pat patty trish tricia pattie",
    "patrick pat paddy rick",
    "penelope penny",
    "peter pete",
    "philip phil pip phillip philippe",
    "priscilla cilla",
    "prudence pru",
    "rachel rae",
    "ralph ralphie",
    "randall randy",
    "raymond ray",
    "rebecca becky becca beck",
    "reginald reg reggie",
    "richard dick rick ricky rich richie",
    "robert bob bobby rob robbie bert",
    "roberta bobbie",
    "roderick rod",
    "rodney rod",
    "roger rog",
    "ronald ron ronnie",
    "rosemary rosie rose",
    "roxanne roxy",
    "russell russ",
    "samantha sam sammy",
    "samuel sam sammy",
    "sarah sally sadie sara",
    "sebastien seb sebastian",
    "sharon shari",
    "sheldon shel",
    "sidney sid sydney",
    "sophia sophie sofia",
    "stanley stan",
    "stephanie steph",
    "stephen steve steven stevie",
    "stewart stu stuart",
    "susan sue susie suzie suzanne suzy",
    "sylvester syl",
    "sylvia syl",
    "teresa terry tess tessa theresa",
    "terence terry",
    "theodore ted teddy theo",
    "thomas tom tommy",
    "timothy tim timmy",
    "valerie val",
    "vanessa nessa",
    "veronica ronnie vera",
    "victor vic",
    "victoria vicky tori vicki",
    "vincent vince vinny",
    "virginia ginny",
    "vivian viv",
    "walter walt wally",
    "wayne way",
    "wilfred will fred wilf",
    "william bill billy will willy liam willie",
    "yvonne vonnie",
    "zachary zach zack",
};

using Groups = std::vector<std::uint16_t>;

const std::unordered_map<std::string_view, Groups>& groups_by_form() {
  static const auto all = [] {
    std::unordered_map<std::string_view, Groups> map;
    for (std::size_t at = 0; at < std::size(kGroups); ++at) {
      std::string_view rest = kGroups[at];
      while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        map[rest.substr(0, space)].push_back(static_cast<std::uint16_t>(at));
        rest.remove_prefix(std::min(space + 1, rest.size()));
      }
    }
    return map;
  }();
  return all;
}

}  // namespace

bool is_nickname_pair(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto& map = groups_by_form();
  const auto in_a = map.find(a);
  const auto in_b = map.find(b);
  if (in_a == map.end() || in_b == map.end()) return false;
  return std::ranges::any_of(in_a->second, [&](std::uint16_t group) {
    return std::ranges::find(in_b->second, group) != in_b->second.end();
  });
}

std::string_view nickname_root(std::string_view name) {
  const auto& map = groups_by_form();
  const auto found = map.find(name);
  if (found == map.end() || found->second.size() != 1) return name;
  const std::string_view group = kGroups[found->second.front()];
  return group.substr(0, group.find(' '));
}

}  // namespace sealift::census
