import { css } from "lit";

export const pageFrameStyles = css`
  :host {
    display: block;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
    padding: var(--space-3) max(var(--gutter), (100% - var(--figure)) / 2);
    border-bottom: 1px solid var(--rule);
    font: 400 var(--text-s) / 1.4 var(--sans);
  }

  .name {
    margin-right: var(--space-2);
    color: var(--ink);
    font: 400 1.25rem / 1.2 var(--serif);
    letter-spacing: -0.01em;
    text-decoration: none;
  }

  .space {
    flex: 1 1 0;
  }

  details {
    position: relative;
  }

  summary {
    display: inline-flex;
    align-items: center;
    list-style: none;
    user-select: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  nav {
    position: absolute;
    z-index: 2;
    top: calc(100% + var(--space-1));
    left: 0;
    display: grid;
    min-width: 14rem;
    padding: var(--space-2);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    background: var(--paper-raised);
  }

  nav a {
    padding: var(--space-2) var(--space-3);
    border-radius: 4px;
    color: var(--ink);
    text-decoration: none;
  }

  nav a:hover {
    background: var(--paper-sunk);
  }

  nav a[aria-current="page"] {
    font-weight: 600;
  }

  .theme {
    min-width: 34px;
    padding: 0;
  }

  @media (max-width: 36rem) {
    header {
      position: relative;
      gap: var(--space-2);
    }

    details {
      position: static;
    }

    nav {
      top: 3.25rem;
      right: var(--gutter);
      left: var(--gutter);
    }

    .name {
      margin-right: 0;
      font-size: 1.125rem;
    }

    backend-badge,
    .units {
      order: 1;
    }
  }

  @media print {
    header {
      display: none;
    }
  }
`;
