#include "crypto/sha_instructions.h"

#include "base/check.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

// Code for these instructions alone, and only in these functions: the rest of the program runs on every x86-64.
#define PAWL_SHA __attribute__((target("sha,sse4.1")))
#define PAWL_SHA_INLINE PAWL_SHA __attribute__((always_inline)) inline

namespace pawl::crypto {

namespace {

// FIPS 180-4 section 4.2.2.
alignas(16) constexpr std::array<std::uint32_t, 64> kRounds = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The state as the instructions want it: words a, b, e, f and c, d, g, h, the first one highest.
struct Halves {
  __m128i abef;
  __m128i cdgh;
};

PAWL_SHA_INLINE __m128i load(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }

PAWL_SHA_INLINE Halves halves_of(const ShaState& state) {
  __m128i dcba = load(&state[0]);
  __m128i hgfe = load(&state[4]);
  __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1);
  __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

PAWL_SHA_INLINE void store(const Halves& halves, ShaState& state) {
  __m128i feba = _mm_shuffle_epi32(halves.abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(halves.cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&state[0]), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&state[4]), _mm_alignr_epi8(dchg, feba, 8));
}

// Sixteen words of the message schedule, the next ones to be used.
struct Words {
  __m128i w0, w1, w2, w3;
};

PAWL_SHA_INLINE Words words_of(const char* block) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  return {_mm_shuffle_epi8(load(block), big_endian), _mm_shuffle_epi8(load(block + 16), big_endian),
          _mm_shuffle_epi8(load(block + 32), big_endian), _mm_shuffle_epi8(load(block + 48), big_endian)};
}

// The four words behind the sixteen that are given.
PAWL_SHA_INLINE __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
  __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
  return _mm_sha256msg2_epu32(sum, w3);
}

PAWL_SHA_INLINE void four_rounds(Halves& s, __m128i words, std::size_t first) {
  __m128i sum = _mm_add_epi32(words, load(&kRounds[first]));
  s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, sum);
  s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

PAWL_SHA_INLINE void sixteen_rounds(Halves& a, const Words& x, Halves& b, const Words& y, std::size_t first) {
  four_rounds(a, x.w0, first);
  four_rounds(b, y.w0, first);
  four_rounds(a, x.w1, first + 4);
  four_rounds(b, y.w1, first + 4);
  four_rounds(a, x.w2, first + 8);
  four_rounds(b, y.w2, first + 8);
  four_rounds(a, x.w3, first + 12);
  four_rounds(b, y.w3, first + 12);
}

PAWL_SHA_INLINE void advance(Words& w) {
  w.w0 = next_words(w.w0, w.w1, w.w2, w.w3);
  w.w1 = next_words(w.w1, w.w2, w.w3, w.w0);
  w.w2 = next_words(w.w2, w.w3, w.w0, w.w1);
  w.w3 = next_words(w.w3, w.w0, w.w1, w.w2);
}

PAWL_SHA_INLINE void take_block(Halves& a, const char* block_a, Halves& b, const char* block_b) {
  Halves before_a = a;
  Halves before_b = b;
  Words x = words_of(block_a);
  Words y = words_of(block_b);
  sixteen_rounds(a, x, b, y, 0);
  for (std::size_t first = 16; first < kRounds.size(); first += 16) {
    advance(x);
    advance(y);
    sixteen_rounds(a, x, b, y, first);
  }
  a = {_mm_add_epi32(a.abef, before_a.abef), _mm_add_epi32(a.cdgh, before_a.cdgh)};
  b = {_mm_add_epi32(b.abef, before_b.abef), _mm_add_epi32(b.cdgh, before_b.cdgh)};
}

bool ask_processor() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0 || (c & bit_SSE4_1) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

}  // namespace

bool has_sha_instructions() {
  static const bool has = ask_processor();
  return has;
}

PAWL_SHA void compress_pair(ShaLane a, ShaLane b, std::size_t count) {
  Halves state_a = halves_of(*a.state);
  Halves state_b = halves_of(*b.state);
  for (std::size_t at = 0; at < count * kShaBlock; at += kShaBlock) {
    take_block(state_a, a.blocks + at, state_b, b.blocks + at);
  }
  store(state_a, *a.state);
  store(state_b, *b.state);
}

}  // namespace pawl::crypto

#else

namespace pawl::crypto {

bool has_sha_instructions() { return false; }
void compress_pair(ShaLane, ShaLane, std::size_t) { check(false, "this processor has no SHA instructions"); }

}  // namespace pawl::crypto

#endif
