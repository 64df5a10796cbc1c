// SPDX-License-Identifier: Apache-2.0
/** The models of an image; upstream_plan writes the table. */
#ifndef TESTS_UPSTREAM_PROGRAM_TEST_H
#define TESTS_UPSTREAM_PROGRAM_TEST_H

#include "cortex_m/model.h"

/** Ends with a null pointer. */
extern const cortex_m_model *const programs[];

#endif  // TESTS_UPSTREAM_PROGRAM_TEST_H
