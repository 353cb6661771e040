import { css } from "lit";

export const headStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font: 400 var(--text-m) / 1.5 var(--sans);
  }

  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 17.5rem;
    gap: var(--space-6);
    margin-top: var(--space-5);
  }

  h3 {
    margin: 0;
    font: 600 var(--text-m) / 1.3 var(--sans);
  }

  head-numbers {
    margin-top: var(--space-6);
  }

  .caption {
    max-width: var(--measure);
    margin: var(--space-5) 0 var(--space-2);
    font: 400 var(--text-body) / 1.55 var(--serif);
  }

  .provenance {
    max-width: 80ch;
    margin: 0 0 var(--space-4);
    color: var(--ink-faint);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums lining-nums;
  }

  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  .insets {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--space-6);
    margin-top: var(--space-6);
    padding-top: var(--space-5);
    border-top: 1px solid var(--rule);
  }

  .insets section {
    min-width: 0;
  }

  .insets p {
    margin: var(--space-1) 0 var(--space-4);
    color: var(--ink-soft);
    font-size: var(--text-s);
  }

  .switch {
    display: flex;
    gap: var(--space-2);
    align-items: center;
    min-height: 32px;
    font-weight: 600;
    cursor: pointer;
  }

  .notice {
    margin-bottom: var(--space-4);
    padding: var(--space-3) var(--space-4);
    border-left: 3px solid var(--model);
    background: var(--paper-sunk);
    font-size: var(--text-s);
  }

  .waiting {
    opacity: 0.4;
  }

  head-table {
    margin-top: var(--space-5);
  }

  @media (max-width: 60rem) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }

    head-controls {
      grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
      column-gap: var(--space-6);
    }

    .insets {
      grid-template-columns: minmax(0, 1fr);
    }
  }

`;
