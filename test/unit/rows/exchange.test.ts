import { expect, test } from "vitest";
import { exchangeCode } from "../../../src/rows/exchange.ts";

test("a state is exchanged member by member, structs within it by functions of their own", () => {
  const code = exchangeCode(`
struct Extra { first: f32, ids: vec4<u32> }
struct Row {
  peak: f32, // the largest, so far: of all
  extra: Extra,
}
struct Other { none: u32 }
alias State = Row;
`);
  expect(code.split("\n")).toEqual([
    "fn extra_exchange(s: Extra, step: u32) -> Extra { return Extra(subgroupShuffleXor(s.first, step), subgroupShuffleXor(s.ids, step)); }",
    "fn row_exchange(s: Row, step: u32) -> Row { return Row(subgroupShuffleXor(s.peak, step), extra_exchange(s.extra, step)); }",
    "fn state_exchange(s: State, step: u32) -> State { return row_exchange(s, step); }",
  ]);
});
