import { css } from "lit";

export const varianceStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font: 400 var(--text-m) / 1.5 var(--sans);
    font-variant-numeric: tabular-nums lining-nums;
  }

  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 18.5rem;
    gap: var(--space-6);
    align-items: start;
  }

  run-stage {
    align-self: stretch;
  }

  run-words {
    margin-top: var(--space-6);
  }

  h3 {
    margin: 0 0 var(--space-3);
    font: 600 var(--text-m) / 1.3 var(--sans);
  }

  .aside {
    display: grid;
    gap: var(--space-6);
    min-width: 0;
  }

  .hint {
    margin: var(--space-3) 0 0;
    color: var(--ink-faint);
    font-size: var(--text-xs);
  }

  @media (max-width: 60rem) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }

    .aside {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
    }

    question-form {
      grid-row: 3;
    }
  }
`;
