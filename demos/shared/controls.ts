import { css } from "lit";

/** Native controls in the page's dress; every pointer target is at least 24 px, and 44 where the pointer is a finger. */
export const controlStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  button,
  input,
  select {
    margin: 0;
    color: inherit;
    font: 400 var(--text-s) / 1.3 var(--sans);
    font-variant-numeric: tabular-nums lining-nums;
  }

  button,
  summary.button {
    min-height: 32px;
    padding: 0 var(--space-3);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    background: var(--paper-raised);
    cursor: pointer;
    touch-action: manipulation;
  }

  button:hover:not(:disabled),
  summary.button:hover {
    border-color: var(--rule-strong);
  }

  button:active:not(:disabled) {
    background: var(--paper-sunk);
  }

  button:disabled {
    color: var(--ink-faint);
    cursor: default;
  }

  input[type="number"] {
    width: 5.5rem;
    min-height: 32px;
    padding: 0 var(--space-2);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    background: var(--paper-raised);
    text-align: right;
  }

  input[type="range"] {
    width: 100%;
    min-height: 28px;
    accent-color: var(--ink);
    cursor: pointer;
  }

  input[type="checkbox"],
  input[type="radio"] {
    accent-color: var(--ink);
    width: 1.1em;
    height: 1.1em;
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
    border-radius: 2px;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (pointer: coarse) {
    button,
    summary.button,
    input[type="number"],
    input[type="range"] {
      min-height: 44px;
    }
  }
`;
