// Made by `python3 test/golden/divergences/members.py`: quadrature and sums of 40 digits (mpmath 1.3).

import type { Family } from "../../support/distributions/families.ts";

/** p, q, KL(p || q) and Rényi's divergence of order 0.3. */
export const MEMBERS: readonly (readonly [p: Family, q: Family, nats: number, renyi: number])[] = [
  [["halfNormal", 1.5], ["halfNormal", 0.75], 0.8068528194400547, 0.11499718479084081],
  [["halfNormal", 1.5], ["normal", 0.5, 2], 0.643725897861189, 0.5646389883675437],
  [["halfNormal", 0.5], ["exponential", 1.25], 0.24289012710279898, 0.1528053572228803],
  [["exponential", 2], ["halfNormal", 0.75], 0.07570090519733626, 0.02017989052157495],
  [["halfNormal", 2], ["gamma", 2.5, 1.5], 0.1587866126626222, 0.027936889918471285],
  [["gamma", 2.5, 1.5], ["halfNormal", 2], 0.08056684291889385, 0.036082807566902894],
  [["halfNormal", 2], ["weibull", 1.5, 1.75], 0.20923387714844727, 0.04283968699096029],
  [["halfNormal", 2], ["logNormal", 0.25, 0.75], 0.3996860856461194, 0.04512260695776232],
  [["halfNormal", 2], ["chiSquared", 3], 0.26890168188826225, 0.12895443115742236],
  [["chiSquared", 3], ["halfNormal", 2], 0.7398185772692609, 0.09342306764438958],
  [["halfNormal", 2], ["truncatedNormal", 1, 1.5, 0, Infinity], 0.01633450795330873, 0.004456395135738088],
  [["truncatedNormal", 1, 1.5, 0, Infinity], ["halfNormal", 2], 0.014374489214020935, 0.004686207943325164],
  [["gamma", 2.5, 1.5], ["chiSquared", 4], 0.5974533605192551, 0.28785387687859015],
  [["chiSquared", 4], ["gamma", 2.5, 1.5], 1.3267599812534114, 0.21313477406517622],
  [["chiSquared", 3], ["chiSquared", 7.5], 1.5254953747768651, 0.3444002256233766],
  [["exponential", 2], ["chiSquared", 5], 3.866242270624945, 1.538932965687591],
  [["chiSquared", 5], ["exponential", 2], 6.883757729375055, 1.2527892296576502],
  [["chiSquared", 5], ["weibull", 1.5, 1.75], 6.990691157357819, 0.5485159446362761],
  [["weibull", 1.5, 1.75], ["chiSquared", 5], 1.4788452814537976, 0.861422051643102],
  [["chiSquared", 5], ["logNormal", 1.25, 0.5], 0.2225252121838655, 0.047378980431306124],
  [["logNormal", 1.25, 0.5], ["chiSquared", 5], 0.14429783068832633, 0.055053702069728296],
  [["chiSquared", 5], ["normal", 4, 3], 0.20556684291889385, 0.11779579687909005],
];

/** Probabilities of p and q, KL(p || q), Rényi's divergences of order 0.3 and 2. */
export const GEOMETRIC: readonly (readonly [p: number, q: number, nats: number, renyi: number, renyi2: number])[] = [
  [0.25, 0.5, 0.5232481437645479, 0.09918922019809633, Infinity],
  [0.5, 0.25, 0.2876820724517809, 0.12486654126175177, 0.4054651081081644],
  [0.0625, 0.75, 17.34143094994679, 0.8121076460678192, Infinity],
  [0.75, 0.0625, 2.044321369793894, 1.4731576370832604, 2.2662174488231708],
  [0.25, 0.2500000009313226, 9.251858523224811e-18, 2.77555755133802e-18, 1.8503717100063182e-17],
  [0.96875, 0.5, 0.5719601363666624, 0.35612909289977535, 0.631604818766588],
];
