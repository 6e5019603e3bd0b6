#include "adapters/local/stamp_service.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <stop_token>
#include <string_view>
#include <type_traits>
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

// Which of some files have changed.
struct Question {
  std::array<char, 8> mark = kMark;
  os::NodeId mounts;  // both processes must have one view of the file system
  os::NodeId root;
  std::array<char, crypto::Digest::kSize> files = {};
};

enum class Known : std::uint32_t { kNo, kYes, kNotWatched };

// The numbers of the files follow, sorted. Where they are not known the other side goes on with a Description.
struct Answer {
  std::array<char, 8> mark = kMark;
  Known known = Known::kNo;
  std::uint32_t changed = 0;
};

// The root, the length of each path, the paths and the stamps follow.
struct Description {
  std::uint32_t root_bytes = 0;
  std::uint32_t files = 0;
  std::uint64_t path_bytes = 0;
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
bool receive(os::LocalSocket& socket, std::vector<T>& values) {
  static_assert(std::has_unique_object_representations_v<T>);
  return socket.receive(reinterpret_cast<char*>(values.data()), values.size() * sizeof(T));  // NOLINT: as above
}

template <class T>
std::optional<T> receive(os::LocalSocket& socket) {
  std::vector<T> one(1);
  return receive(socket, one) ? std::optional(one[0]) : std::nullopt;
}

std::optional<os::NodeId> mounts_here() { return os::node_of("/proc/self/ns/mnt"); }

// The files of a question, on the service's side.
struct Described {
  std::string root;
  std::vector<std::string> paths;
  std::vector<FileStamp> stamps;
};

bool describe(os::LocalSocket& socket, const std::string& root, const ports::StampedFiles& files) {
  Description head{static_cast<std::uint32_t>(root.size()), static_cast<std::uint32_t>(files.paths.size()), 0};
  std::vector<std::uint32_t> lengths;
  std::string paths;
  for (std::string_view path : files.paths) {
    lengths.push_back(static_cast<std::uint32_t>(path.size()));
    paths += path;
  }
  head.path_bytes = paths.size();
  return socket.send(bytes_of(head)) && socket.send(root) &&
         socket.send(bytes_of(std::span<const std::uint32_t>(lengths))) && socket.send(paths) &&
         socket.send(bytes_of(files.stamps));
}

std::optional<Described> receive_description(os::LocalSocket& socket) {
  std::optional<Description> head = receive<Description>(socket);
  bool bounded = head && head->root_bytes <= limits::kPathBytes && head->files <= limits::kTreeFiles &&
                 head->path_bytes <= kMostBytes;
  if (!bounded) return std::nullopt;
  Described out{std::string(head->root_bytes, '\0'), {}, std::vector<FileStamp>(head->files)};
  std::vector<std::uint32_t> lengths(head->files);
  std::string paths(head->path_bytes, '\0');
  bool whole = socket.receive(out.root.data(), out.root.size()) && receive(socket, lengths) &&
               socket.receive(paths.data(), paths.size()) && receive(socket, out.stamps);
  if (!whole) return std::nullopt;
  std::string_view rest = paths;
  for (std::uint32_t length : lengths) {
    if (length > rest.size()) return std::nullopt;
    out.paths.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return out;
}

// The files that were asked about, and how they are.
class Watched {
 public:
  explicit Watched(StampWatch watch) : watch_(std::move(watch)) {}

  void answer(os::LocalSocket socket) {
    std::optional<Question> question = receive<Question>(socket);
    if (!question || question->mark != kMark || question->mounts != mounts_) return;
    std::optional<std::vector<std::uint32_t>> changed = changes(*question);
    bool refused = lists_.contains(question->files);
    Answer answer;
    if (refused) answer.known = Known::kNotWatched;
    if (changed) answer = {.known = Known::kYes, .changed = static_cast<std::uint32_t>(changed->size())};
    if (!socket.send(bytes_of(answer))) return;
    if (changed)
      (void)socket.send(bytes_of(std::span<const std::uint32_t>(*changed)));  // who is gone asks the system
    else if (!refused)
      begin(*question, receive_description(socket));
  }

  void take_in() { watch_.take_in(); }
  int descriptor() const { return watch_.descriptor(); }

 private:
  using Id = std::array<char, crypto::Digest::kSize>;
  struct Files {
    std::string root;
    std::vector<FileStamp> stamps;         // all zero for no file
    std::optional<StampWatch::List> list;  // nullopt for what is not worth watching
  };

  // Forgets the files where nothing is known of them any more.
  std::optional<std::vector<std::uint32_t>> changes(const Question& question) {
    auto found = lists_.find(question.files);
    if (found == lists_.end() || !found->second.list) return std::nullopt;
    const Files& files = found->second;
    std::optional<Stamps> now = watch_.stamps(*files.list);
    if (!now) {
      lists_.clear();
      return std::nullopt;
    }
    // What is watched must be what the other process finds by that path.
    if (os::node_of(files.root) != question.root) {
      lists_.erase(found);
      return std::nullopt;
    }
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < now->size(); ++i) {
      if ((*now)[i].value_or(FileStamp()) != files.stamps[i]) out.push_back(i);
    }
    return out;
  }

  void begin(const Question& question, std::optional<Described> files) {
    if (!files || os::node_of(files->root) != question.root) return;
    if (lists_.size() == kMostLists) {
      watch_.forget();
      lists_.clear();
    }
    std::vector<std::string_view> paths(files->paths.begin(), files->paths.end());
    std::optional<StampWatch::List> list = watch_.add(files->root, paths);
    lists_[question.files] = {std::move(files->root), std::move(files->stamps), list};
  }

  StampWatch watch_;
  std::optional<os::NodeId> mounts_ = mounts_here();
  std::map<Id, Files> lists_;
};

// As long as people find it there: the folder may be deleted at any time.
void serve(const std::stop_token& stop, const os::Waker& waker, const std::string& folder) {
  Result<os::LocalListener> listener = os::LocalListener::open(folder, kSocketName);
  Result<StampWatch> watch = StampWatch::open();
  if (!listener || !watch) {
    os::wait_for({waker.descriptor()}, kTurn);
    return;
  }
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

std::optional<std::vector<std::uint32_t>> watched_changes(const std::string& folder, const std::string& root,
                                                          const ports::StampedFiles& files) {
  std::optional<os::LocalSocket> socket = os::LocalSocket::connect(folder, kSocketName, kClientPatience);
  if (!socket) return std::nullopt;
  std::optional<os::NodeId> mounts = mounts_here();
  std::optional<os::NodeId> root_node = os::node_of(root);
  if (!mounts || !root_node) return std::nullopt;
  Question question{.mounts = *mounts, .root = *root_node};
  files.id.bytes().copy(question.files.data(), question.files.size());
  if (!socket->send(bytes_of(question))) return std::nullopt;
  std::optional<Answer> answer = receive<Answer>(*socket);
  if (!answer || answer->mark != kMark) return std::nullopt;
  if (answer->known == Known::kNo) (void)describe(*socket, root, files);  // for the next time
  if (answer->known != Known::kYes || answer->changed > files.paths.size()) return std::nullopt;
  std::vector<std::uint32_t> out(answer->changed);
  bool whole = receive(*socket, out) &&
               std::all_of(out.begin(), out.end(), [&](std::uint32_t i) { return i < files.paths.size(); });
  return whole ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace pawl::local
