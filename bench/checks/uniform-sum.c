// The exact sum of the uniform variates of seed 1, stream 0, coordinate 0, as the gate on accumulation wants it: a program
// that shares no line with the library, since ten billion words take JavaScript too long.
//
//   cc -O3 -o uniform-sum uniform-sum.c && ./uniform-sum 10000000000
//
// Prints, at each power of ten, the sum in units of 2^-88: u = (x >> 8 | 1) 2^-(24 + s), see unitRefined.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const int turns[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5}, {6, 20}, {17, 11}, {25, 10}, {18, 20}};

static uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

// Threefry4x32-20 (Salmon et al., SC 2011).
static void threefry(uint32_t x[4], const uint32_t key[4]) {
  const uint32_t keys[5] = {key[0], key[1], key[2], key[3], 0x1BD11BDAu ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  for (int k = 0; k < 4; k++) x[k] += keys[k];
#pragma GCC unroll 20
  for (int round = 0; round < 20; round++) {
    const int a = round % 2 ? 3 : 1, b = round % 2 ? 1 : 3;
    x[0] += x[a];
    x[a] = rotate(x[a], turns[round % 8][0]) ^ x[0];
    x[2] += x[b];
    x[b] = rotate(x[b], turns[round % 8][1]) ^ x[2];
    if (round % 4 == 3) {
      const uint32_t injection = round / 4 + 1;
      for (int k = 0; k < 4; k++) x[k] += keys[(injection + k) % 5];
      x[3] += injection;
    }
  }
}

static unsigned __int128 refined(uint32_t hi, uint32_t lo) {
  uint64_t word = (uint64_t)hi << 32 | (hi ? lo : lo | 1);
  const int s = __builtin_clzll(word);
  const uint32_t x = word << s >> 32;
  return (unsigned __int128)(x >> 8 | 1) << (64 - s);
}

int main(int count, char **arguments) {
  const uint64_t end = strtoull(count > 1 ? arguments[1] : "10000000", 0, 10);
  const uint32_t key[4] = {1, 0, 0, 0};
  uint64_t plain = 0, told = 1000000;
  unsigned __int128 rare = 0, sum = 0;
  for (uint64_t i = 0; i < end; i += 4) {
    uint32_t words[4] = {(uint32_t)(i / 4), (uint32_t)(i / 4 >> 32), 0, 0};
    threefry(words, key);
    for (int k = 0; k < 4; k++) {
      if (words[k] >= 1u << 22) plain += words[k] >> 8 | 1;
      else {
        uint32_t second[4] = {(uint32_t)(i / 4), (uint32_t)(i / 4 >> 32), 0, 1u << 16};
        threefry(second, key);
        rare += refined(words[k], second[k]);
      }
    }
    if (i + 4 == told) {
      sum = ((unsigned __int128)plain << 64) + rare;
      printf("%" PRIu64 " 0x%016" PRIx64 "%016" PRIx64 "\n", told, (uint64_t)(sum >> 64), (uint64_t)sum);
      fflush(stdout);
      told *= 10;
    }
  }
  return 0;
}
