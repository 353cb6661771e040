/** The package's version: what is kept outside of a page, such as a tuning, says by which it was made. */
export const VERSION = "0.1.0";
