import { css } from "lit";

export const noticeStyles = css`
  .notice {
    max-width: 80ch;
    margin: 0 0 var(--space-4);
    padding: var(--space-3) var(--space-4);
    border-left: 3px solid var(--model);
    background: var(--paper-sunk);
    font-size: var(--text-s);
  }
`;
