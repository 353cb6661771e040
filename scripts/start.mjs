import { install } from "./install.mjs";

install();
const vite = new URL("../node_modules/vite/bin/vite.js", import.meta.url);
await import(vite.href);
