/** The command line asks for what there is not; its message is all that the reader needs. */
export class UsageError extends Error {}

/**
 * Runs a command; what its user got wrong is told in a line, what we got wrong with its stack.
 * @param {() => Promise<number | undefined | void>} command Gives the exit status, if it is not 0.
 */
export async function run(command) {
  try {
    process.exitCode = (await command()) ?? 0;
  } catch (error) {
    const { code = "" } = /** @type {{ code?: string }} */ (error);
    const theirs = error instanceof UsageError || code.startsWith("ERR_PARSE_ARGS");
    console.error(theirs ? /** @type {Error} */ (error).message : error);
    process.exitCode = 1;
  }
}
