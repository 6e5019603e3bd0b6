#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace pawl::testing_support {

// One header of a tar with a body, its checksum right: for archives that no program would write.
inline std::string tar_entry(std::string_view name, char type, std::string_view body, std::string_view size = "",
                             std::string_view mode = "0000644") {
  std::string block(512, '\0');
  auto put = [&](std::size_t at, std::string_view text) { block.replace(at, text.size(), text); };
  char octal[12];
  std::snprintf(octal, sizeof octal, "%011zo", body.size());
  put(0, name);
  put(100, mode);
  put(124, size.empty() ? std::string_view(octal, 11) : size);
  put(148, "        ");
  block[156] = type;
  put(257, std::string_view("ustar\0"
                            "00",
                            8));
  unsigned sum = 0;
  for (char c : block) sum += static_cast<unsigned char>(c);
  std::snprintf(octal, sizeof octal, "%06o", sum);
  put(148, std::string_view(octal, 6));
  block[154] = '\0';
  block.append(body);
  block.append((512 - body.size() % 512) % 512, '\0');
  return block;
}
// What stands behind the last entry.
inline const std::string kTarEnd(1024, '\0');

}  // namespace pawl::testing_support
