/** Variational autoencoders, and β-VAEs. */
export { reparameterize, unitGaussianKl } from "../kernels/unit-gaussian-kl.ts";
export * from "./terms.ts";
