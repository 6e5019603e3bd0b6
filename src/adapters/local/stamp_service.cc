#include "adapters/local/stamp_service.h"

#include <array>
#include <cstring>
#include <map>
#include <stop_token>
#include <utility>

#include "base/limits.h"
#include "os/file.h"
#include "os/local_socket.h"
#include "os/stamp_watch.h"
#include "os/stamps.h"
#include "os/wait.h"

namespace pawl::local {

namespace {

using os::StampWatch;
using Stamps = StampWatch::Stamps;
using namespace std::chrono_literals;

constexpr char kSocketName[] = "stamps";
constexpr auto kClientPatience = 20ms;  // asking the system takes no longer
constexpr auto kServicePatience = 100ms;
constexpr auto kTurn = 500ms;  // after which a service that is not the first looks whether it is now
constexpr std::size_t kMostBytes = 32u << 20;
constexpr std::size_t kMostLists = 16;

// Both sides are this machine's: numbers are sent as they lie in memory. Another layout gets another mark.
constexpr std::array<char, 8> kMark = {'p', 'a', 'w', 'l', 's', 't', '0', '1'};

// What a question begins with; root, the paths' lengths and the paths follow.
struct Question {
  std::array<char, 8> mark = kMark;
  os::NodeId mounts;  // the processes' view of the file system must be one
  os::NodeId root;
  std::uint32_t root_bytes = 0;
  std::uint32_t paths = 0;
  std::uint64_t path_bytes = 0;
};

// What an answer begins with; where it is known, a stamp for each path follows, all zero where there is no file.
struct Answer {
  std::array<char, 8> mark = kMark;
  std::uint64_t known = 0;
};

template <class T>
std::string_view bytes_of(std::span<const T> values) {
  static_assert(std::has_unique_object_representations_v<T>);
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};  // NOLINT: bytes of plain numbers
}

template <class T>
std::string_view bytes_of(const T& value) {
  return bytes_of(std::span<const T>(&value, 1));
}

template <class T>
bool receive(os::LocalSocket& socket, std::span<T> values) {
  static_assert(std::has_unique_object_representations_v<T>);
  return socket.receive(reinterpret_cast<char*>(values.data()), values.size_bytes());  // NOLINT: as above
}

os::NodeId mounts_here() { return os::node_of("/proc/self/ns/mnt").value_or(os::NodeId()); }

std::string question_of(const std::string& root, std::span<const std::string_view> paths) {
  Question head{.mounts = mounts_here(), .root = os::node_of(root).value_or(os::NodeId())};
  std::vector<std::uint32_t> lengths;
  lengths.reserve(paths.size());
  for (std::string_view path : paths) {
    lengths.push_back(static_cast<std::uint32_t>(path.size()));
    head.path_bytes += path.size();
  }
  head.root_bytes = static_cast<std::uint32_t>(root.size());
  head.paths = static_cast<std::uint32_t>(paths.size());
  std::string out;
  out.reserve(sizeof head + root.size() + lengths.size() * sizeof(std::uint32_t) + head.path_bytes);
  out.append(bytes_of(head)).append(root).append(bytes_of(std::span<const std::uint32_t>(lengths)));
  for (std::string_view path : paths) out += path;
  return out;
}

// What stands behind the head of a question; nullopt where it does not add up.
struct Asked {
  std::string root;
  std::vector<std::string_view> paths;  // of the question's bytes
};
std::optional<Asked> read_question(const Question& head, std::string_view rest) {
  Asked out{std::string(rest.substr(0, head.root_bytes)), {}};
  rest.remove_prefix(head.root_bytes);
  std::string_view lengths = rest.substr(0, head.paths * sizeof(std::uint32_t));
  rest.remove_prefix(lengths.size());
  for (; !lengths.empty(); lengths.remove_prefix(sizeof(std::uint32_t))) {
    std::uint32_t length = 0;
    std::memcpy(&length, lengths.data(), sizeof length);
    if (length > rest.size()) return std::nullopt;
    out.paths.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return out;
}

// The files that were asked about, and how they are.
class Watched {
 public:
  explicit Watched(StampWatch watch) : watch_(std::move(watch)) {}

  void answer(os::LocalSocket socket) {
    Question head;
    if (!receive(socket, std::span(&head, 1)) || head.mark != kMark || !is_bounded(head)) return;
    std::string rest(head.root_bytes + head.paths * sizeof(std::uint32_t) + head.path_bytes, '\0');
    if (!receive(socket, std::span(rest))) return;
    std::optional<Stamps> stamps = stamps_of(head, rest);
    Answer answer{.known = stamps ? 1u : 0u};
    if (!socket.send(bytes_of(answer))) return;
    if (stamps)
      send(socket, *stamps);
    else if (!lists_.contains(rest))
      begin(head, std::move(rest));  // whoever asked first asks the system meanwhile
  }

  void take_in() { watch_.take_in(); }
  int descriptor() const { return watch_.descriptor(); }

 private:
  static bool is_bounded(const Question& head) {
    return head.root_bytes <= limits::kPathBytes && head.paths <= limits::kTreeFiles && head.path_bytes <= kMostBytes;
  }

  // What is watched is what the other process sees by that path.
  bool is_same_place(const Question& head, std::string_view rest) const {
    std::string root(rest.substr(0, head.root_bytes));
    return head.mounts == mounts_ && head.root.node != 0 && os::node_of(root) == head.root;
  }

  std::optional<Stamps> stamps_of(const Question& head, std::string_view rest) {
    auto list = lists_.find(rest);
    if (list == lists_.end() || !list->second || !is_same_place(head, rest)) return std::nullopt;
    std::optional<Stamps> stamps = watch_.stamps(*list->second);
    if (!stamps) lists_.clear();
    return stamps;
  }

  static void send(os::LocalSocket& socket, const Stamps& stamps) {
    std::vector<FileStamp> all(stamps.size());
    for (std::size_t i = 0; i < stamps.size(); ++i) all[i] = stamps[i].value_or(FileStamp());
    (void)socket.send(bytes_of(std::span<const FileStamp>(all)));  // who does not listen any more asks elsewhere
  }

  void begin(const Question& head, std::string rest) {
    std::optional<Asked> asked = read_question(head, rest);
    if (!asked || !is_same_place(head, rest)) return;
    if (lists_.size() == kMostLists) {
      watch_.forget();
      lists_.clear();
    }
    std::optional<StampWatch::List> list = watch_.add(asked->root, asked->paths);
    lists_.insert_or_assign(std::move(rest), list);
  }

  StampWatch watch_;
  os::NodeId mounts_ = mounts_here();
  std::map<std::string, std::optional<StampWatch::List>, std::less<>>
      lists_;  // by question; nullopt: not to be watched
};

// As long as people find it there: the folder may be deleted at any time.
void serve(const std::stop_token& stop, const os::Waker& waker, const std::string& folder) {
  Result<os::LocalListener> listener = os::LocalListener::open(folder, kSocketName);
  Result<StampWatch> watch = StampWatch::open();
  if (!listener || !watch) return os::wait_for({waker.descriptor()}, kTurn);
  Watched watched(std::move(*watch));
  while (!stop.stop_requested() && os::exists(os::join_path(folder, kSocketName))) {
    os::wait_for({waker.descriptor(), listener->descriptor(), watched.descriptor()}, kTurn);
    watched.take_in();
    if (std::optional<os::LocalSocket> socket = listener->accept(kServicePatience)) watched.answer(std::move(*socket));
  }
}

void serve_in_turn(const std::stop_token& stop, const std::string& folder) {
  os::Waker waker;
  std::stop_callback wake(stop, [&] { waker.wake(); });
  while (!stop.stop_requested()) {
    if (!os::make_folders(folder, 0700)) return;  // the others ask the system, as ever
    Result<os::FileLock> turn = os::FileLock::acquire(os::join_path(folder, "lock"), 0);
    if (turn)
      serve(stop, waker, folder);
    else
      os::wait_for({waker.descriptor()}, kTurn);
  }
}

}  // namespace

StampService::StampService(std::string folder)
    : thread_([folder = std::move(folder)](const std::stop_token& stop) { serve_in_turn(stop, folder); }) {}

std::optional<Stamps> watched_stamps(const std::string& folder, const std::string& root,
                                     std::span<const std::string_view> paths) {
  std::optional<os::LocalSocket> socket = os::LocalSocket::connect(folder, kSocketName, kClientPatience);
  Answer head;
  bool known = socket && socket->send(question_of(root, paths)) && receive(*socket, std::span(&head, 1)) &&
               head.mark == kMark && head.known == 1;
  if (!known) return std::nullopt;
  std::vector<FileStamp> all(paths.size());
  if (!receive(*socket, std::span(all))) return std::nullopt;
  Stamps out(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].node != 0) out[i] = all[i];
  }
  return out;
}

}  // namespace pawl::local
