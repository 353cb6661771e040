import source from "../../shaders/lib/row/row.wgsl?raw";
import { ROW_NAN, ROW_NONE, ROW_POSITIVE_INFINITY, ROW_SOUND } from "./status.ts";

const constants = Object.entries({ ROW_SOUND, ROW_NAN, ROW_NONE, ROW_POSITIVE_INFINITY })
  .map(([name, word]) => `const ${name} = ${word}u;\n`)
  .join("");

/** shaders/lib/row/row.wgsl behind the constants that it names. */
export const row = constants + source;
