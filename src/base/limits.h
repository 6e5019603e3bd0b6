#pragma once

#include <cstddef>
#include <cstdint>

namespace pawl::limits {

// Bounds on everything that is read. Past one, the reader refuses with an error that names the bound.
inline constexpr std::size_t kDocumentBytes = 64u << 20;   // one YAML or JSON file
inline constexpr std::size_t kDepth = 100;                 // nesting of YAML and JSON
inline constexpr std::size_t kNodes = 20'000'000;          // values in one file, after aliases are expanded
inline constexpr std::size_t kAliasNodes = 1'000'000;      // values that aliases alone may add
inline constexpr std::size_t kScalarBytes = 16u << 20;     // one scalar
inline constexpr std::size_t kStatementBytes = 16u << 20;  // one signed record
inline constexpr std::size_t kSubjects = 1'024;            // subjects of one statement
inline constexpr std::size_t kDigestsPerSubject = 32;
inline constexpr std::size_t kLogEntriesPerBundle = 32;     // tlog entries of one Sigstore bundle
inline constexpr std::size_t kManifestBytes = 4u << 20;     // one OCI manifest or index
inline constexpr std::size_t kBlobBytes = 1u << 30;         // one blob
inline constexpr std::size_t kTreeFiles = 100'000;          // files of one source tree
inline constexpr std::size_t kTreeBytes = 1u << 30;         // bytes of one source tree
inline constexpr std::size_t kArtifactBytes = 256u << 20;   // an OCI artifact's layers, packed and unpacked
inline constexpr std::size_t kArtifactLayers = 1'000;
inline constexpr std::size_t kChartBytes = 64u << 20;       // one Helm chart, packed and unpacked
inline constexpr std::size_t kEntryBytes = 65'535;         // one ledger entry (tlog-tiles counts it in 16 bits); larger facts go in by digest
inline constexpr std::size_t kCheckOutputBytes = 1u << 20;  // kept output of one check
inline constexpr std::size_t kPathBytes = 4'096;

}  // namespace pawl::limits
