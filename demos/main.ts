import "./shared/page-frame.ts";
