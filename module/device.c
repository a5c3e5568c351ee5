// SPDX-License-Identifier: GPL-2.0-only
/* /dev/ltpin: ltpin_ioctl.h is the description. */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ltpin.h"

/*
 * Makes @hold known under an id that @arg (with @id in it) takes to the caller.
 * If the caller's memory cannot be written, the hold is released again: by its
 * id, since another thread may have guessed that and been faster.
 */
static long publish(struct lt_opener *opener, struct lt_hold *hold, void __user *to,
		    const void *arg, size_t size, u32 *id)
{
	enum ltpin_kind kind = hold->kind;

	*id = lt_hold_publish(hold, opener);
	if (copy_to_user(to, arg, size)) {
		lt_hold_release(opener, kind, *id);
		return -EFAULT;
	}
	return 0;
}

/* Checks that the range is whole pages below the end of the address space. */
static bool is_range_valid(u64 addr, u32 nr_pages)
{
	u64 size = (u64)nr_pages << PAGE_SHIFT, end;

	return nr_pages && IS_ALIGNED(addr, PAGE_SIZE) && !check_add_overflow(addr, size, &end) &&
	       end <= ULONG_MAX;
}

static int write_pfns(u64 __user *pfns, const struct lt_hold *hold)
{
	unsigned long i;

	for (i = 0; i < hold->nr_pages; i++) {
		if (put_user((u64)lt_hold_pfn(hold, i), pfns + i))
			return -EFAULT;
	}
	return 0;
}

static long ioctl_pin(struct lt_opener *opener, struct ltpin_ioc_pin __user *to)
{
	const u32 known = LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE | LTPIN_PIN_FAST;
	struct ltpin_ioc_pin arg;
	struct lt_hold *hold;
	int err;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	if (arg.flags & ~known || arg.reserved || !is_range_valid(arg.addr, arg.nr_pages))
		return -EINVAL;

	hold = lt_hold_new(LTPIN_KIND_PIN, arg.flags, arg.nr_pages);
	if (IS_ERR(hold))
		return PTR_ERR(hold);
	err = lt_pin_get(hold, arg.addr);
	if (!err && arg.pfns)
		err = write_pfns(u64_to_user_ptr(arg.pfns), hold);
	if (err) {
		lt_hold_free(hold);
		return err;
	}
	return publish(opener, hold, to, &arg, sizeof(arg), &arg.id);
}

/* Whether an allocation lies where the caller wants it. */
static bool is_inside(const struct lt_hold *hold, u64 base_pfn, u64 end_pfn)
{
	u64 pfn = lt_hold_pfn(hold, 0);

	return !end_pfn || (pfn >= base_pfn && pfn + hold->nr_pages <= end_pfn);
}

static long ioctl_alloc(struct lt_opener *opener, struct ltpin_ioc_alloc __user *to)
{
	struct ltpin_ioc_alloc arg;
	struct lt_hold *hold;
	int err;

	if (copy_from_user(&arg, to, sizeof(arg)))
		return -EFAULT;
	if (arg.flags & ~LTPIN_ALLOC_WARN || arg.reserved || !arg.nr_pages)
		return -EINVAL;
	if ((arg.base_pfn || arg.end_pfn) && arg.base_pfn >= arg.end_pfn)
		return -EINVAL;

	hold = lt_hold_new(LTPIN_KIND_ALLOC, arg.flags, arg.nr_pages);
	if (IS_ERR(hold))
		return PTR_ERR(hold);
	err = lt_alloc_get(hold, arg.end_pfn ? lt_areas_find(arg.base_pfn) : NULL);
	if (!err && !is_inside(hold, arg.base_pfn, arg.end_pfn))
		err = -ENXIO;
	if (err) {
		lt_hold_free(hold);
		return err;
	}
	arg.pfn = lt_hold_pfn(hold, 0);
	return publish(opener, hold, to, &arg, sizeof(arg), &arg.id);
}

static long ioctl_release(struct lt_opener *opener, enum ltpin_kind kind, u32 __user *from)
{
	u32 id;

	if (get_user(id, from))
		return -EFAULT;
	return lt_hold_release(opener, kind, id);
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct lt_opener *opener = file->private_data;
	void __user *user = (void __user *)arg;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	switch (cmd) {
	case LTPIN_IOC_PIN:
		return ioctl_pin(opener, user);
	case LTPIN_IOC_UNPIN:
		return ioctl_release(opener, LTPIN_KIND_PIN, user);
	case LTPIN_IOC_ALLOC:
		return ioctl_alloc(opener, user);
	case LTPIN_IOC_RELEASE:
		return ioctl_release(opener, LTPIN_KIND_ALLOC, user);
	case LTPIN_IOC_LISTEN:
		return lt_blockers_listen(opener, user);
	case LTPIN_IOC_BENCH_COST:
		return lt_bench_cost(user);
	case LTPIN_IOC_BENCH_CHANCE:
		return lt_bench_chance(user);
	case LTPIN_IOC_BENCH_RESERVE:
		return lt_bench_reserve(user);
	default:
		return -ENOTTY;
	}
}

/* Whoever was handed the descriptor must have the right himself. */
static ssize_t device_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return lt_blockers_read(file->private_data, to, size, !(file->f_flags & O_NONBLOCK));
}

static __poll_t device_poll(struct file *file, poll_table *wait)
{
	return lt_blockers_poll(file->private_data, file, wait);
}

static int device_open(struct inode *inode, struct file *file)
{
	struct lt_opener *opener;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	opener = kzalloc(sizeof(*opener), GFP_KERNEL_ACCOUNT);
	if (!opener)
		return -ENOMEM;
	INIT_LIST_HEAD(&opener->holds);
	file->private_data = opener;
	return stream_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	lt_blockers_unlisten(file->private_data);
	lt_hold_release_all(file->private_data);
	kfree(file->private_data);
	return 0;
}

/* .owner: an open descriptor keeps the module loaded. */
static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read = device_read,
	.poll = device_poll,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = LTPIN_DEVICE,
	.fops = &device_fops,
	.mode = 0600,
};

int lt_device_init(void)
{
	return misc_register(&device);
}

void lt_device_exit(void)
{
	misc_deregister(&device);
}
