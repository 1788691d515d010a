/** TensorFlow's and Keras' names of activation functions, in ONNX's words. Written small, without underscores. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  linear: 'Identity',
  relu: 'Relu',
  relu6: 'Clip',
  elu: 'Elu',
  selu: 'Selu',
  leakyrelu: 'LeakyRelu',
  prelu: 'PRelu',
  sigmoid: 'Sigmoid',
  hardsigmoid: 'HardSigmoid',
  hardswish: 'HardSwish',
  tanh: 'Tanh',
  softplus: 'Softplus',
  softsign: 'Softsign',
  swish: 'Swish',
  silu: 'Swish',
  mish: 'Mish',
  gelu: 'Gelu',
  gelunew: 'Gelu',
  softmax: 'Softmax',
  logsoftmax: 'LogSoftmax',
};

/** The operator of an activation function; what is not known keeps its own name. */
export function activationOperator(name: string): string {
  return ACTIVATIONS[name.toLowerCase().replace(/_/g, '')] ?? name;
}
