/**
 * WGSL of `state_exchange`, which gives a lane the state of the one whose place in the subgroup differs in one bit: a function for each
 * `struct` of which a state is made, each after those that it has members of.
 *
 * @param code - the shader's, with its structs and `alias State`
 */
export function exchangeCode(code: string): string {
  const members = new Map(
    [...code.matchAll(/struct (\w+) \{([^}]*)\}/g)].map(([, name = "", body = ""]) => [name, membersOf(body)]),
  );
  const [, state = ""] = code.match(/alias State = (\w+);/) ?? [];
  const functions = new Map<string, string>();
  const emit = (name: string): void => {
    const values = (members.get(name) ?? []).map(([member, type]) => {
      if (!members.has(type)) return `subgroupShuffleXor(s.${member}, step)`;
      if (!functions.has(type)) emit(type);
      return `${functionOf(type)}(s.${member}, step)`;
    });
    functions.set(
      name,
      `fn ${functionOf(name)}(s: ${name}, step: u32) -> ${name} { return ${name}(${values.join(", ")}); }`,
    );
  };
  emit(state);
  return [
    ...functions.values(),
    `fn state_exchange(s: State, step: u32) -> State { return ${functionOf(state)}(s, step); }`,
  ].join("\n");
}

function functionOf(struct: string): string {
  return `${struct.toLowerCase()}_exchange`;
}

function membersOf(body: string): readonly (readonly [name: string, type: string])[] {
  return [...body.replace(/\/\/.*$/gm, "").matchAll(/(\w+)\s*:\s*([\w<>]+)/g)].map(([, name = "", type = ""]) => [
    name,
    type,
  ]);
}
