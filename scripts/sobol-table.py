"""Writes src/random/sobol-numbers.ts from the direction numbers that SciPy carries.

    pip install scipy
    python3 scripts/sobol-table.py > src/random/sobol-numbers.ts

SciPy's _sobol_direction_numbers.npz holds new-joe-kuo-6.21201: a polynomial and its initial numbers for each
dimension. The first 1,111 dimensions use every primitive polynomial of degree 13 or less, in increasing order, so that
only the initial numbers need be stored. The k-th (from 1) is odd and below 2^k: its k - 1 middle bits are kept, one
after another, most significant first, in base 64.
"""

import base64
import pathlib

import numpy
import scipy.stats

DIMENSIONS = 1111
COLUMNS = 116

NOTICE = """\
/*! @license Sobol direction numbers: new-joe-kuo-6.21201, by S. Joe and F. Y. Kuo, "Constructing Sobol sequences with
 * better two-dimensional projections", SIAM J. Sci. Comput. 30, 2635-2654 (2008),
 * https://web.maths.unsw.edu.au/~fkuo/sobol/
 *
 * Copyright (c) 2008, Frances Y. Kuo and Stephen Joe
 * All rights reserved.
 *
 * Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
 * following conditions are met:
 *
 *     * Redistributions of source code must retain the above copyright notice, this list of conditions and the
 *       following disclaimer.
 *
 *     * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
 *       following disclaimer in the documentation and/or other materials provided with the distribution.
 *
 *     * Neither the names of the copyright holders nor the names of the University of New South Wales and the
 *       University of Waikato and its contributors may be used to endorse or promote products derived from this
 *       software without specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
 * LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO
 * EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
 * CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA,
 * OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
 * LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF
 * ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */
"""


def is_primitive(polynomial: int, degree: int) -> bool:
    """Whether x has order 2^degree - 1 modulo the polynomial over the field of two elements."""
    power, order = 1, 0
    while order == 0 or power != 1:
        power <<= 1
        if power >> degree:
            power ^= polynomial
        order += 1
    return order == 2**degree - 1


def pack() -> str:
    table = numpy.load(pathlib.Path(scipy.stats.__file__).parent / "_sobol_direction_numbers.npz")
    polynomials = [int(p) for p in table["poly"][:DIMENSIONS]]
    primitive = [p for p in range(3, 2**14, 2) if is_primitive(p, p.bit_length() - 1)]
    assert polynomials == [1, *primitive], "the polynomials are not those that the reader will derive"
    bits = ""
    for polynomial, numbers in zip(polynomials, table["vinit"]):
        for k in range(1, polynomial.bit_length()):
            number = int(numbers[k - 1])
            assert number % 2 == 1 and number < 2**k
            if k > 1:
                bits += format(number >> 1, f"0{k - 1}b")
    bits += "0" * (-len(bits) % 8)
    return base64.b64encode(int(bits, 2).to_bytes(len(bits) // 8, "big")).decode()


text = pack()
print(NOTICE)
print("/**")
print(f" * The initial direction numbers of coordinates 1 to {DIMENSIONS - 1:,} (coordinate 0 has none), packed from SciPy's")
print(" * table by scripts/sobol-table.py, which says how.")
print(" */")
print("export const INITIAL_NUMBERS = `")
for start in range(0, len(text), COLUMNS):
    print(text[start : start + COLUMNS])
print("`;")
