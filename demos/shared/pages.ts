export interface Page {
  readonly name: string;
  readonly title: string;
}

/** The pages there are, in the order of the contents. */
export const pages: readonly Page[] = [{ name: "openvla-head", title: "The action head" }];
