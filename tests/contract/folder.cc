#include "tests/contract/folder.h"

#include <filesystem>

#include "os/file.h"

namespace pawl::contract {

Folder::Folder()
    : path_(os::make_temporary_folder(std::filesystem::temp_directory_path().string(), "pawl-contract-").value()) {}

Folder::~Folder() { static_cast<void>(os::remove_tree(path_)); }

}  // namespace pawl::contract
