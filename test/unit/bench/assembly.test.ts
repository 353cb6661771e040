import { expect, test } from "vitest";
import { readAssembly } from "../../../bench/isa/loops.ts";

const assembly = `
BB0:
	v_mov_b32_e32 v1, 0                      ; 7e020280
BB1:
	s_cbranch_scc0 BB4                       ; bf840009
BB2:
	buffer_load_dwordx4 v[0:3], v4, s[0:3], 0 offen ; e0381000
	buffer_load_b64 v[0:1], v4, s[0:3], 0 offen
	v_exp_f32_e32 v1, v1                     ; 7e024b01
	v_add_f32_e32 v1, v1, v2
	ds_write_b32 v1, v2
	s_cbranch_vccnz BB2                      ; bf87fff0
BB3:
	buffer_store_dword v1, v2, s[0:3], 0 offen
	s_branch BB1                             ; bf82ffe8
BB4:
	v_mul_lo_u32 v1, v2, v3
	s_endpgm
`;

test("an assembly's innermost loops are found, with what a trip costs", () => {
  const { loops, whole } = readAssembly(assembly);
  expect(loops).toEqual([
    { start: 2, operations: 5, slow: 1, accesses: 2, sharedAccesses: 1, bytesRead: 24, bytesWritten: 0 },
  ]);
  expect(whole).toEqual({
    operations: 10,
    slow: 2,
    accesses: 3,
    sharedAccesses: 1,
    bytesRead: 24,
    bytesWritten: 4,
  });
});
