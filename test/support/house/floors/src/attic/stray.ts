export { default } from "../../shaders/rows/softmax.wgsl?raw";
