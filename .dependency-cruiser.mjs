import { floors } from "./floors.mjs";

/** @param {readonly string[]} rooms */
const inside = (rooms) => `^(src|shaders)/(${rooms.join("|")})/`;

const downwards = floors.map((rooms, floor) => ({
  name: `floor ${floor + 1}: ${rooms.join(", ")}`,
  comment:
    "A room imports from floors below its own (floors.mjs), or from itself; so it does shaders, and shaders/lib besides.",
  severity: "error",
  from: { path: `^src/(${rooms.join("|")})/` },
  to: {
    path: "^(src|shaders)/",
    pathNot: ["^(src|shaders)/$1/", "^shaders/lib/", ...floors.slice(0, floor).map(inside)],
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...downwards,
    {
      name: "a room on a floor",
      comment: "Every folder of src/ has a place in floors.mjs.",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: inside(floors.flat()) },
      to: {},
    },
    {
      name: "the library knows no page",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(demos|bench|test|scripts)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs"] },
  },
};
