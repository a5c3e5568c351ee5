// SPDX-License-Identifier: GPL-2.0-or-later
/* Some histories, on each make check. test_histories plays more. */
#include "history.h"

int main(void)
{
	return h_test(1, 240);
}
