// SPDX-License-Identifier: GPL-2.0-or-later
/* Many histories. */
#include "history.h"

int main(void)
{
	return h_test(1, 5000);
}
