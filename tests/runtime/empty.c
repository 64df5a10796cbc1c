// SPDX-License-Identifier: Apache-2.0
// The smallest image: what the runtime itself costs.
int main(void) { return 0; }
